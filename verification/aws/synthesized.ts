import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import type { Aws } from './clients';
import { testContact } from './test-values';
import { ResolvedTemplate, Template } from '../../sandbox/cloudformation/template';
import type { PolicyDocument } from '../../sandbox/iam/policy';
import { AlternateContactOverride, AlternateContacts, OrganizationAlternateContacts, SweepMode } from '../../src';

type Where = Pick<Aws, 'accountId' | 'partition' | 'region'>;

/** The definitions of the sweep, as they would be deployed. */
export function definitionsFor(where: Where): { readonly [mode: string]: string } {
  return Object.fromEntries(Object.entries(SweepMode).map(([name, mode]) => {
    const template = sweepTemplate(where, mode);
    const [logicalId] = idsOf(template, 'AWS::StepFunctions::StateMachine');
    const { DefinitionString, DefinitionSubstitutions = {} } = template.properties(logicalId, placeholder(where)) as {
      DefinitionString: string; DefinitionSubstitutions?: { [name: string]: string };
    };
    const definition = Object.entries(DefinitionSubstitutions).reduce((text, [key, value]) => text.replaceAll(`\${${key}}`, value), DefinitionString);
    return [name, definition];
  }));
}

/** The policies of the roles of a contact and of a sweep, as they would be deployed. */
export function policiesFor(where: Where): { readonly [policy: string]: PolicyDocument } {
  const contacts = resolved(where, stack => {
    new AlternateContacts(stack, 'Contacts', { billing: testContact('finance'), operations: testContact('on-call') });
    new AlternateContacts(stack, 'Member', { accountId: '222222222222', security: testContact('soc') });
  });
  const templates = { contacts, sweep: sweepTemplate(where, SweepMode.ENFORCE) };
  return Object.fromEntries(Object.entries(templates).flatMap(([name, template]) => [
    ...idsOf(template, 'AWS::IAM::Role').flatMap(id => {
      const { Policies = [] } = template.properties(id, placeholder(where)) as { Policies?: { PolicyDocument: PolicyDocument }[] };
      return Policies.map((policy, index) => [`${name}/${id}/${index}`, policy.PolicyDocument] as const);
    }),
    ...[...idsOf(template, 'AWS::IAM::Policy'), ...idsOf(template, 'AWS::IAM::ManagedPolicy')].map(id =>
      [`${name}/${id}`, (template.properties(id, placeholder(where)) as { PolicyDocument: PolicyDocument }).PolicyDocument] as const),
  ]));
}

function sweepTemplate(where: Where, mode: SweepMode): ResolvedTemplate {
  return resolved(where, stack => new OrganizationAlternateContacts(stack, 'Organization', {
    billing: testContact('finance'),
    security: testContact('soc'),
    mode,
    overrides: [
      AlternateContactOverride.forAccounts(['222222222222'], { security: testContact('lab') }),
      AlternateContactOverride.forOrganizationalUnits(['ou-ab12-11111111'], { operations: testContact('shop') }),
    ],
  }));
}

function resolved({ accountId, region }: Where, declare: (stack: Stack) => void): ResolvedTemplate {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: accountId, region }, synthesizer: new BootstraplessSynthesizer() });
  declare(stack);
  return new ResolvedTemplate(app.synth().getStackByName('Stack').template as Template, {
    account: accountId,
    region,
    stackName: 'Stack',
    stackId: `arn:aws:cloudformation:${region}:${accountId}:stack/Stack/1`,
    parameters: {},
    importValue: () => '',
  });
}

function idsOf(template: ResolvedTemplate, type: string): string[] {
  return [...template.resources].filter(([, { Type }]) => Type === type).map(([logicalId]) => logicalId);
}

/** A value for a Ref or an attribute of a resource that does not exist. */
function placeholder({ accountId, partition, region }: Where) {
  const arn = (logicalId: string) => `arn:${partition}:states:${region}:${accountId}:stateMachine:${logicalId}`;
  return (logicalId: string, attribute = 'Arn') => (attribute === 'Arn' ? arn(logicalId) : `${logicalId}.${attribute}`);
}
