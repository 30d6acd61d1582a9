import { ResolvedTemplate, Template } from '../../sandbox/cloudformation/template';
import { Clock } from '../../sandbox/core/clock';
import { PolicyDocument } from '../../sandbox/iam/policy';
import { Iam } from '../../sandbox/iam/service';
import { ACCOUNT, REGION } from '../contenders/contender';

type Properties = Record<string, unknown>;

export interface Resolved {
  readonly resources: string[];
  readonly properties: (logicalId: string) => Properties;
  readonly typeOf: (logicalId: string) => string;
}

/** A template as CloudFormation resolves it. Attributes are as long as those that it makes up itself. */
export function resolved(template: Template): Resolved {
  const stackId = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/contacts/00000000-0000-4000-8000-000000000000`;
  const surroundings = { account: ACCOUNT, region: REGION, stackName: 'contacts', stackId, parameters: {}, importValue: () => '' };
  const whole = new ResolvedTemplate(template, surroundings);
  const typeOf = (logicalId: string) => whole.resources.get(logicalId)?.Type ?? '';
  const lookup = (logicalId: string, attribute?: string) => {
    if (attribute === undefined) { return logicalId; }
    const name = `contacts-${logicalId.slice(0, 24)}-0123456789AB`;
    return `arn:aws:${typeOf(logicalId).split('::')[1].toLowerCase()}:${REGION}:${ACCOUNT}:${name}`;
  };
  return { resources: [...whole.resources.keys()], properties: logicalId => whole.properties(logicalId, lookup), typeOf };
}

/**
 * Why AWS would refuse a template: more than 500 resources, more than 1 MB, or policies larger than IAM takes. Undefined if it would not.
 */
export function refusalOf(template: Template): string | undefined {
  const clock = new Clock(1);
  const iam = new Iam(clock, 0);
  try {
    const { resources, properties, typeOf } = resolved(template);
    const ofType = (type: string) => resources.filter(logicalId => typeOf(logicalId) === type)
      .map(logicalId => ({ logicalId, is: properties(logicalId) }));
    for (const { logicalId, is } of ofType('AWS::IAM::Role')) {
      const policies = (is.Policies ?? []) as { PolicyName: string; PolicyDocument: PolicyDocument }[];
      const inline = new Map(policies.map(policy => [policy.PolicyName, policy.PolicyDocument]));
      const trust = is.AssumeRolePolicyDocument as PolicyDocument;
      iam.putRole(ACCOUNT, logicalId, { trust, inline, managedPolicyArns: (is.ManagedPolicyArns ?? []) as string[] });
    }
    for (const { is } of ofType('AWS::IAM::Policy')) {
      (is.Roles as string[]).forEach(role => iam.putInline(ACCOUNT, role, String(is.PolicyName), is.PolicyDocument as PolicyDocument));
    }
    for (const { logicalId, is } of ofType('AWS::IAM::ManagedPolicy')) {
      iam.putManaged(ACCOUNT, logicalId, is.PolicyDocument as PolicyDocument, (is.Roles ?? []) as string[]);
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    clock.close();
  }
}
