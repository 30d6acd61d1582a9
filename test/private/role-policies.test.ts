import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { PutStatements } from '../../src/private/contact/permissions';
import { policiesOf } from '../../src/private/role-policies';

/* IAM's limits less what is kept free: in the first policy 1,400 characters for other statements. A statement takes 220 beside its resources. */
const FIXED = 1_400;
const INLINE = 10_240 - 100 - FIXED;
const MANAGED = 6_144 - 100;
const STATEMENT = 220;

interface Policies { readonly inline: number[]; readonly managed: number[][] }

/** Allows contacts whose resources take so many characters, and returns how many resources each statement of each policy has. */
function policiesFor(...contacts: [type: string, size: number][]): Policies {
  const stack = new Stack(new App(), 'Stack');
  const statements = new PutStatements(policiesOf(stack), FIXED);
  contacts.forEach(([type, size], i) => statements.allow(type, [`arn:aws:account::${i}:account`], size));
  return countsIn(Template.fromStack(stack));
}

function countsIn(template: Template): Policies {
  const countsOf = ({ PolicyDocument }: { PolicyDocument: { Statement: { Resource: string | string[] }[] } }) =>
    PolicyDocument.Statement.map(({ Resource }) => [Resource].flat().length);
  return {
    inline: Object.values(template.findResources('AWS::IAM::Role')).flatMap(role => (role.Properties.Policies ?? []).flatMap(countsOf) as number[]),
    managed: Object.values(template.findResources('AWS::IAM::ManagedPolicy')).map(policy => countsOf(policy.Properties)),
  };
}

test('an inline policy is filled to the last character', () => {
  expect(policiesFor(['BILLING', INLINE - STATEMENT])).toEqual({ inline: [1], managed: [] });
  expect(policiesFor(['BILLING', 100], ['BILLING', INLINE - STATEMENT - 100])).toEqual({ inline: [2], managed: [] });
  expect(policiesFor(['BILLING', 100], ['SECURITY', INLINE - 2 * STATEMENT - 100])).toEqual({ inline: [1, 1], managed: [] });
});

test('what no longer fits an inline policy goes into a managed one', () => {
  expect(policiesFor(['BILLING', 100], ['BILLING', INLINE - STATEMENT - 99])).toEqual({ inline: [1], managed: [[1]] });
  expect(policiesFor(['BILLING', 5_000], ['SECURITY', INLINE - 2 * STATEMENT - 4_999])).toEqual({ inline: [1], managed: [[1]] });
});

test('a managed policy is filled to the last character, then the next is begun', () => {
  const full: [string, number] = ['BILLING', INLINE - STATEMENT];
  expect(policiesFor(full, ['BILLING', 100], ['BILLING', MANAGED - STATEMENT - 100])).toEqual({ inline: [1], managed: [[2]] });
  expect(policiesFor(full, ['BILLING', 100], ['BILLING', MANAGED - STATEMENT - 99])).toEqual({ inline: [1], managed: [[1], [1]] });
  expect(policiesFor(full, ['BILLING', MANAGED - STATEMENT])).toEqual({ inline: [1], managed: [[1]] });
});

test('the first managed policy of a role that is given has space for the other statements, the next ones are filled to the last character', () => {
  const stack = new Stack(new App(), 'Stack');
  const role = new Role(stack, 'Own', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const statements = new PutStatements(policiesOf(new Construct(stack, 'Provider'), role), FIXED);
  const sizes = [100, MANAGED - FIXED - STATEMENT - 100, MANAGED - STATEMENT, 1];
  sizes.forEach((size, i) => statements.allow('BILLING', [`arn:aws:account::${i}:account`], size));
  expect(countsIn(Template.fromStack(stack))).toEqual({ inline: [], managed: [[2], [1], [1]] });
});
