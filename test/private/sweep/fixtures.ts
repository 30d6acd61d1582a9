import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { OrganizationAlternateContacts, OrganizationAlternateContactsProps } from '../../../src';
import { contact } from '../../contacts';

/* A stack that sweeps an organization, for tests that only synthesize it. */

export const ENV = { account: '111111111111', region: 'us-east-1' };
export const UNIT = 'ou-ab12-11111111';
export const SOC = { security: contact('soc') };

export const stackIn = (env?: { account: string; region: string }, app = new App(), id = 'Stack') => new Stack(app, id, { env });
export const declare = (props: OrganizationAlternateContactsProps = SOC, stack = stackIn(ENV)) =>
  ({ stack, contacts: new OrganizationAlternateContacts(stack, 'Contacts', props) });
export const templateOf = (props: OrganizationAlternateContactsProps = SOC, stack = stackIn(ENV)) => Template.fromStack(declare(props, stack).stack);

/** The definition as text, with `<...>` for the parts that only the deployment knows. */
export function definitionOf(template: Template): string {
  const [{ Properties }] = Object.values(template.findResources('AWS::StepFunctions::StateMachine')) as { Properties: { DefinitionString: unknown } }[];
  const text = Properties.DefinitionString as string | { 'Fn::Join': [string, (string | object)[]] };
  return typeof text === 'string' ? text : text['Fn::Join'][1].map(part => typeof part === 'string' ? part : `<${Object.values(part).flat().join('.')}>`).join('');
}
