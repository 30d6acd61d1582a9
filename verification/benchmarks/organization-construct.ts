import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { Figure, figure } from './statistics';
import type { Template } from '../../sandbox';
import { AlternateContactDetails, OrganizationAlternateContacts } from '../../src';

export const MANAGEMENT = '111111111111';

/** The cost of the construct for an app. */
export interface ConstructCost {
  /** Milliseconds of the processor per synthesis with the construct, and of an empty stack in the same round. */
  readonly synthesisMs: Figure;
  readonly emptyMs: Figure;
  readonly differenceMs: Figure;
  readonly rounds: number;
  readonly templateBytes: number;
  readonly definitionBytes: number;
  readonly resources: number;
}

/** Synthesizes a stack that sets three contacts for every account. */
export function synthesizeContacts(quotaShare?: number): Template {
  const contact = (name: string): AlternateContactDetails => ({ name, title: 'On call', emailAddress: `${name.toLowerCase()}@example.com`, phoneNumber: '+1 555 0100' });
  return synthesize(stack => {
    new OrganizationAlternateContacts(stack, 'Contacts', {
      billing: contact('Finance'), operations: contact('Platform'), security: contact('Soc'), quotaShare,
    });
  });
}

/** Measures synthesis in pairs with an empty stack, in one process, after a round that warms up. */
export function measureConstruct(rounds: number): ConstructCost {
  const cpuMs = (act: () => unknown) => {
    const before = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  const pairs = Array.from({ length: rounds + 1 }, () => (
    { empty: cpuMs(() => synthesize(() => undefined)), ours: cpuMs(() => synthesizeContacts()) })).slice(1);
  const template = synthesizeContacts();
  return {
    synthesisMs: figure(pairs.map(({ ours }) => ours)),
    emptyMs: figure(pairs.map(({ empty }) => empty)),
    differenceMs: figure(pairs.map(({ ours, empty }) => ours - empty)),
    rounds,
    templateBytes: bytesOf(template),
    definitionBytes: definitionBytes(template),
    resources: Object.keys(template.Resources ?? {}).length,
  };
}

function bytesOf(template: Template): number {
  return Buffer.byteLength(JSON.stringify(template));
}

/** The size of the state machine's definition as it is deployed. */
function definitionBytes({ Resources = {} }: Template): number {
  const definition = Object.values(Resources).find(({ Type }) => Type === 'AWS::StepFunctions::StateMachine')?.Properties?.DefinitionString;
  const parts = (definition as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
  return Buffer.byteLength(parts.map(part => typeof part === 'string' ? part : 'aws').join(''));
}

function synthesize(declare: (stack: Stack) => void): Template {
  const app = new App();
  const stack = new Stack(app, 'Contacts', { env: { account: MANAGEMENT, region: 'us-east-1' }, synthesizer: new BootstraplessSynthesizer() });
  declare(stack);
  return app.synth().getStackByName('Contacts').template as Template;
}
