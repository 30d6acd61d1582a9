import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import type { Template } from '../../sandbox';
import { AlternateContactDetails, OrganizationAlternateContacts } from '../../src';

export const MANAGEMENT = '111111111111';

/** The construct in a template. */
export interface ConstructSize {
  readonly templateBytes: number;
  readonly definitionBytes: number;
  readonly resources: number;
}

/** Synthesizes a stack that sets three contacts for every account. */
export function synthesizeContacts(quotaShare?: number): Template {
  const app = new App();
  const stack = new Stack(app, 'Contacts', { env: { account: MANAGEMENT, region: 'us-east-1' }, synthesizer: new BootstraplessSynthesizer() });
  const contact = (name: string): AlternateContactDetails => ({ name, title: 'On call', emailAddress: `${name.toLowerCase()}@example.com`, phoneNumber: '+1 555 0100' });
  new OrganizationAlternateContacts(stack, 'Contacts', {
    billing: contact('Finance'), operations: contact('Platform'), security: contact('Soc'), quotaShare,
  });
  return app.synth().getStackByName('Contacts').template as Template;
}

export function measureConstruct(): ConstructSize {
  const template = synthesizeContacts();
  const resources = Object.values(template.Resources ?? {});
  const definition = resources.find(({ Type }) => Type === 'AWS::StepFunctions::StateMachine')?.Properties?.DefinitionString as { 'Fn::Join': [string, unknown[]] };
  return {
    templateBytes: Buffer.byteLength(JSON.stringify(template)),
    // As it is deployed: the only reference in it is to the partition.
    definitionBytes: Buffer.byteLength(definition['Fn::Join'][1].map(part => typeof part === 'string' ? part : 'aws').join('')),
    resources: resources.length,
  };
}
