import { Template } from 'aws-cdk-lib/assertions';

/* The policies of a template, as IAM has them once they are deployed. */

export interface Statement { Action: string | string[]; Resource: unknown; Condition?: unknown; Effect: string }
export interface Policy { PolicyDocument: { Statement: Statement[] } }

/** The policies that are part of a role. */
export const inlinePoliciesOf = (template: Template) => Object.values(template.findResources('AWS::IAM::Role'))
  .flatMap(({ Properties }) => (Properties.Policies ?? []) as Policy[]);
export const managedPoliciesOf = (template: Template) => Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
  .map(({ Properties }) => Properties as Policy & { Roles?: unknown[] });
/** The policies that are resources of their own and are attached to a role, by their logical ids. */
export const attachedPoliciesOf = (template: Template, logicalId = /./) => Object.entries(template.findResources('AWS::IAM::Policy'))
  .filter(([id]) => logicalId.test(id)).map(([, { Properties }]) => Properties as Policy);

export const statementsIn = (policies: Policy[]) => policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
export const inlineStatementsOf = (template: Template) => statementsIn(inlinePoliciesOf(template));
export const attachedStatementsOf = (template: Template, logicalId?: RegExp) => statementsIn(attachedPoliciesOf(template, logicalId));

/** Joins the parts of an ARN, or of several, with `{Name}` for each reference. */
export function rendered(value: unknown): unknown {
  const text = (part: unknown): string => {
    if (typeof part === 'string') { return part; }
    const { 'Ref': ref, 'Fn::GetAtt': attribute, 'Fn::Join': parts } = part as { 'Ref'?: string; 'Fn::GetAtt'?: string[]; 'Fn::Join'?: [string, unknown[]] };
    return parts ? parts[1].map(text).join(parts[0]) : `{${ref ?? attribute!.join('.')}}`;
  };
  return Array.isArray(value) ? value.map(text) : text(value);
}

export const withRenderedResources = (statements: Statement[]) =>
  statements.map(({ Resource, ...others }) => ({ ...others, Resource: rendered(Resource) }));

const LONGEST_STACK_ID = `arn:aws-us-gov:cloudformation:ap-southeast-2:111111111111:stack/${'s'.repeat(128)}/${'i'.repeat(36)}`;
/** The longest value of each reference in a policy. */
const LONGEST: { readonly [ref: string]: string } = {
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'ap-southeast-2',
  'AWS::AccountId': '111111111111',
  'AWS::StackId': LONGEST_STACK_ID,
  'referencetoRootAWSStackId': LONGEST_STACK_ID,
  'referencetoRootAWSStackName': 's'.repeat(128),
};

/** The characters of each policy once it is deployed, at most. IAM does not count white space. */
export const sizesOf = (policies: Policy[]) => policies.map(({ PolicyDocument }) =>
  JSON.stringify({ Version: '2012-10-17', Statement: withRenderedResources(PolicyDocument.Statement) })
    .replace(/\{([\w:]+)\}/g, (_, ref: string) => LONGEST[ref]).length);
