import { App, Aws, CfnResource, NestedStack, Stack, Stage, StageProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ProductStack } from 'aws-cdk-lib/aws-servicecatalog';
import { Construct, IConstruct } from 'constructs';
import { AlternateContact, AlternateContactProvider, AlternateContactType } from '../../src';
import { declareMany, ENV, SECURITY_CONTACT, StackSetStack, stackWithProvider } from '../contacts';
import { attachedStatementsOf, inlineStatementsOf, managedPoliciesOf, rendered, Statement, statementsIn } from '../policies';

const { BILLING } = AlternateContactType;

describe('a tree of stacks', () => {
  const TREE_ACTIONS = ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'];
  const asking = (statements: Statement[]) => statements.filter(({ Action }) => Action.includes(TREE_ACTIONS[0]));
  const askedBy = (stack: Stack) => asking(inlineStatementsOf(Template.fromStack(stack)));
  const nestedStacksOf = (stack: Stack) => rendered([askedBy(stack)[0].Resource].flat().at(-1));
  const environmentOf = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'))
    .map(({ Properties }) => Properties.Environment as unknown);
  const arnOf = (rootName: unknown) => ({
    'Fn::Join': ['', [
      'arn:', { Ref: 'AWS::Partition' }, ':cloudformation:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':stack/', rootName, '-*/*',
    ]],
  });

  test('without nested stacks has a function that asks about its own stack alone', () => {
    const stack = stackWithProvider();
    // A stack that is below it, but not nested, has a tree of its own.
    new NestedStack(new Stack(stack, 'Below'), 'Nested');
    expect(askedBy(stack)).toEqual([{ Effect: 'Allow', Action: TREE_ACTIONS, Resource: { Ref: 'AWS::StackId' } }]);
    expect(environmentOf(stack)).toEqual([undefined]);
  });

  test.each<[string, (stack: Stack) => void]>([
    ['NestedStack', stack => { new NestedStack(new Construct(stack, 'Around'), 'Nested'); }],
    ['CfnResource', stack => { new CfnResource(stack, 'Nested', { type: 'AWS::CloudFormation::Stack', properties: { TemplateURL: 'https://example.com/t' } }); }],
  ])('has a function in its root that also asks about nested stacks, even if one is added later as a %s', (_, nest) => {
    const stack = stackWithProvider();
    nest(stack);
    expect(askedBy(stack)).toEqual([{
      Effect: 'Allow', Action: TREE_ACTIONS, Resource: [{ Ref: 'AWS::StackId' }, arnOf({ Ref: 'AWS::StackName' })],
    }]);
    expect(environmentOf(stack)).toEqual([undefined]);
  });

  // CloudFormation cuts the names of nested stacks, but keeps at least 43 characters of the root's.
  test.each([
    [43, '{AWS::StackName}-*'],
    [44, `${'n'.repeat(43)}*`],
    [120, `${'n'.repeat(43)}*`],
  ])('finds its nested stacks if the name of the root has %i characters', (length, names) => {
    const stack = stackWithProvider({ stackName: 'n'.repeat(length) });
    new NestedStack(stack, 'Nested');
    expect(nestedStacksOf(stack)).toBe(`arn:{AWS::Partition}:cloudformation:{AWS::Region}:{AWS::AccountId}:stack/${names}/*`);
  });

  test.each([
    ['stackset', 'StackSet-*'],
    ['product', 'SC-*'],
  ])('of a %s template finds its stacks by the names that they get at deployment', (kind, names) => {
    class TemplateStack extends Stack {
      public readonly templateFile = `contacts.${kind}.template.json`;
    }
    // This name is long enough to be cut, but no deployed stack has it.
    const stack = new TemplateStack(new App(), 'n'.repeat(60));
    const tree = [stack, new NestedStack(stack, 'Nested')];
    for (const each of tree) { AlternateContactProvider.getOrCreate(each); }
    for (const each of tree) {
      expect(nestedStacksOf(each)).toBe(`arn:{AWS::Partition}:cloudformation:{AWS::Region}:{AWS::AccountId}:stack/${names}/*`);
    }
  });

  test('lets a role that is passed to the root ask about nested stacks', () => {
    const stack = new Stack(new App(), 'Stack');
    const role = new Role(stack, 'Own', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    declareMany(stack, 200, new AlternateContactProvider(stack, 'Provider', { role }));
    new NestedStack(stack, 'Nested');
    const template = Template.fromStack(stack);
    expect(asking([...attachedStatementsOf(template), ...statementsIn(managedPoliciesOf(template))]))
      .toEqual([{ Effect: 'Allow', Action: TREE_ACTIONS, Resource: [{ Ref: 'AWS::StackId' }, arnOf({ Ref: 'AWS::StackName' })] }]);
  });

  test('lets a role that is imported in another stack ask about nested stacks', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: ENV });
    const role = Role.fromRoleArn(new Stack(app, 'Elsewhere', { env: ENV }), 'Own', 'arn:aws:iam::111111111111:role/own');
    new AlternateContactProvider(stack, 'Provider', { role });
    new NestedStack(stack, 'Nested');
    expect(asking(statementsIn(managedPoliciesOf(Template.fromStack(stack))))[0].Resource).toHaveLength(2);
  });

  test('has functions in nested stacks of any depth that know the root, and ask about their own stack, the root and the nested stacks', () => {
    const root = new Stack(new App(), 'Root');
    const one = new NestedStack(root, 'One');
    const two = new NestedStack(one, 'Two');
    for (const stack of [one, two]) { AlternateContactProvider.getOrCreate(stack); }
    for (const stack of [one, two]) {
      expect(askedBy(stack)).toEqual([{
        Effect: 'Allow',
        Action: TREE_ACTIONS,
        Resource: [{ Ref: 'AWS::StackId' }, { Ref: 'referencetoRootAWSStackId' }, arnOf({ Ref: 'referencetoRootAWSStackName' })],
      }]);
      expect(environmentOf(stack)).toEqual([{ Variables: { ROOT_STACK_ID: { Ref: 'referencetoRootAWSStackId' } } }]);
    }
    // Each level passes the id and the name of the root to the next.
    const parametersOf = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::CloudFormation::Stack')).map(({ Properties }) => Properties.Parameters as unknown);
    expect(parametersOf(root)).toEqual([{ referencetoRootAWSStackId: { Ref: 'AWS::StackId' }, referencetoRootAWSStackName: { Ref: 'AWS::StackName' } }]);
    expect(parametersOf(one)).toEqual([{
      referencetoRootAWSStackId: { Ref: 'referencetoRootAWSStackId' }, referencetoRootAWSStackName: { Ref: 'referencetoRootAWSStackName' },
    }]);
  });
});

describe('a template that others deploy, to any account, region and partition', () => {
  // The CDK takes the environment of the stage for that of the stack.
  const parentIn = (props: StageProps) => new Stack(new Stage(new App(), 'Stage', props), 'Parent');
  const logicalIdOf = (construct: IConstruct) => Stack.of(construct).resolve((construct.node.defaultChild as CfnResource).logicalId) as string;

  test.each([
    ['stack set', StackSetStack],
    ['product', ProductStack],
  ])('of a %s declares contacts of the account that it is deployed to, although its stage names another', (_, StackClass) => {
    const stack = new StackClass(parentIn({ env: ENV }), 'Everywhere');
    const security = new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
    const billing = new AlternateContact(stack, 'Billing', { ...SECURITY_CONTACT, alternateContactType: BILLING, accountId: Aws.ACCOUNT_ID });
    expect(stack.resolve(security.accountId)).toEqual({ Ref: 'AWS::AccountId' });
    expect([security, billing].map(logicalIdOf)).toEqual(['AlternateContactSecurity', 'AlternateContactBilling']);
  });

  test.each([
    ['the account of the stage', { env: ENV }, ENV.account],
    ['another account', {}, '222222222222'],
  ])('keeps the id of %s, because it may be deployed to any account', (_, props, accountId) => {
    const security = new AlternateContact(new StackSetStack(parentIn(props), 'Everywhere'), 'Contact', { ...SECURITY_CONTACT, accountId });
    expect([security.accountId, logicalIdOf(security)]).toEqual([accountId, `AlternateContactSecurity${accountId}`]);
  });

  test('grants permissions for wherever it is deployed, although its stage names an environment', () => {
    const app = new App({ context: { '@aws-cdk/core:enablePartitionLiterals': true } });
    const stack = new StackSetStack(new Stage(app, 'Stage', { env: ENV }), 'Everywhere');
    new AlternateContact(stack, 'Own', { ...SECURITY_CONTACT, alternateContactType: BILLING });
    new AlternateContact(stack, 'Other', { ...SECURITY_CONTACT, accountId: ENV.account });
    new NestedStack(stack, 'Nested');
    const own = 'arn:{AWS::Partition}:account::{AWS::AccountId}:account';
    expect(inlineStatementsOf(Template.fromStack(stack)).slice(1).map(({ Resource }) => rendered(Resource))).toEqual([
      [own, 'arn:{AWS::Partition}:account::*:account/o-*/*'],
      ['{AWS::StackId}', 'arn:{AWS::Partition}:cloudformation:{AWS::Region}:{AWS::AccountId}:stack/StackSet-*/*'],
      own,
      ['arn:{AWS::Partition}:account::111111111111:account', 'arn:{AWS::Partition}:account::*:*/111111111111'],
    ]);
  });
});
