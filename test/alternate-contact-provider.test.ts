import { App, CfnParameter, Duration, Lazy, Stack, StackProps } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { contact, contactsOf, declareMany, ENV, SECURITY_CONTACT, StackSetStack, stackWithProvider } from './contacts';
import { AlternateContact, AlternateContactProvider, AlternateContactProviderProps, AlternateContacts } from '../src';

test('all contacts of a stack share one function, one role and one log group', () => {
  const stack = new Stack();
  new AlternateContacts(stack, 'Own', { billing: contact('team'), operations: contact('team'), security: contact('team') });
  new AlternateContacts(stack, 'Other', { accountId: '222222222222', billing: contact('team') });
  const template = Template.fromStack(stack);
  for (const type of ['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::Logs::LogGroup']) { template.resourceCountIs(type, 1); }
  expect(Object.keys(template.toJSON().Resources)).toHaveLength(3 + 4);
  expect(AlternateContactProvider.getOrCreate(stack)).toBe(AlternateContactProvider.getOrCreate(stack));
});

describe('getOrCreate() with properties', () => {
  const stackWithRole = () => {
    const stack = new Stack(new App(), 'Stack', { env: ENV });
    return { stack, role: Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111111111111:role/own') };
  };

  test('configures the provider that the stack shares, which keeps its logical ids', () => {
    const [stack, plain] = [new Stack(), new Stack()];
    AlternateContactProvider.getOrCreate(stack, { timeout: Duration.minutes(3), memorySize: 512, logRetention: RetentionDays.ONE_WEEK });
    for (const one of [stack, plain]) { new AlternateContact(one, 'Contact', SECURITY_CONTACT); }
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 180, MemorySize: 512 });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
    const idsOf = (one: Stack) => Object.keys(Template.fromStack(one).toJSON().Resources).sort();
    expect(idsOf(stack)).toEqual(idsOf(plain));
  });

  test('returns the same provider for the same properties, for some of them and for none', () => {
    const { stack, role } = stackWithRole();
    const props = () => ({
      role, timeout: Duration.minutes(3), memorySize: 512, logGroup: LogGroup.fromLogGroupName(stack, `Logs${stack.node.children.length}`, 'own'),
    });
    const provider = AlternateContactProvider.getOrCreate(stack, props());
    const again = [props(), { timeout: Duration.seconds(180) }, { role: Role.fromRoleName(stack, 'Same', 'own') }, {}, undefined];
    expect(again.map(one => AlternateContactProvider.getOrCreate(stack, one))).toEqual(again.map(() => provider));
  });

  test('returns a provider that was created with defaults if the properties are those', () => {
    const stack = stackWithProvider();
    const defaults = { timeout: Duration.minutes(15), memorySize: 256, logRetention: RetentionDays.THREE_MONTHS };
    expect(AlternateContactProvider.getOrCreate(stack, defaults)).toBe(AlternateContactProvider.getOrCreate(stack));
  });

  test.each<[string, (stack: Stack) => AlternateContactProviderProps]>([
    ['timeout', () => ({ timeout: Duration.minutes(5) })],
    ['memorySize', () => ({ timeout: Duration.minutes(3), memorySize: 513 })],
    ['logRetention', () => ({ logRetention: RetentionDays.ONE_YEAR })],
    ['logGroup', stack => ({ logGroup: new LogGroup(stack, 'Logs') })],
    ['role', stack => ({ role: new Role(stack, 'New', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }) })],
    ['role', stack => ({ role: Role.fromRoleArn(stack, 'Immutable', 'arn:aws:iam::111111111111:role/own', { mutable: false }) })],
    ['logRetention and another memorySize', () => ({ memorySize: 128, logRetention: RetentionDays.ONE_DAY })],
  ])('refuses another %s than the provider has', (names, propsOf) => {
    const { stack, role } = stackWithRole();
    const first = new Construct(stack, 'First');
    AlternateContactProvider.getOrCreate(first, { role, timeout: Duration.minutes(3), memorySize: 512 });
    expect(() => AlternateContactProvider.getOrCreate(new Construct(stack, 'Second'), propsOf(stack))).toThrow(
      `Stack/Second: the contacts of the stack share one provider, which was created for Stack/First with another ${names}. `
      + 'Call AlternateContactProvider.getOrCreate() with all its properties before the first contact of the stack, and afterwards with the same or '
      + 'without any; or pass the contacts a provider of their own.');
  });

  test('refuses properties after the first contact, which created the provider', () => {
    const stack = new Stack(new App(), 'Stack');
    new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
    expect(() => AlternateContactProvider.getOrCreate(stack, { memorySize: 512 })).toThrow(/^Stack: .* created for Stack\/Contact with another memorySize\./);
  });

  test('refuses the role of another stack, although both have the same logical id', () => {
    const app = new App();
    const roles = ['One', 'Two'].map(id => new Role(new Stack(app, id, { env: ENV }), 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    const stack = new Stack(app, 'Stack', { env: ENV });
    AlternateContactProvider.getOrCreate(stack, { role: roles[0] });
    expect(() => AlternateContactProvider.getOrCreate(stack, { role: roles[0] })).not.toThrow();
    expect(() => AlternateContactProvider.getOrCreate(stack, { role: roles[1] })).toThrow(/^Stack: .* created for Stack with another role\./);
  });

  test('lets each stack have its own, and checks the properties like the constructor', () => {
    const app = new App();
    const [one, two] = ['One', 'Two'].map(id => new Stack(app, id));
    AlternateContactProvider.getOrCreate(one, { memorySize: 512 });
    expect(() => AlternateContactProvider.getOrCreate(two, { memorySize: 513 })).not.toThrow();
    expect(() => AlternateContactProvider.getOrCreate(new Stack(app, 'Three'), { memorySize: 1 })).toThrow('memorySize must be a whole number');
  });
});

test('the function is inline, writes to its own log group, and is created after its role', () => {
  const stack = new Stack();
  AlternateContactProvider.getOrCreate(stack);
  Template.fromStack(stack).hasResource('AWS::Lambda::Function', {
    Properties: {
      Description: 'Sets the alternate contacts of AWS accounts (cdk-alternate-contact)',
      Code: { ZipFile: Match.stringLikeRegexp('PutAlternateContactCommand') },
      Handler: 'index.handler',
      Timeout: 900,
      MemorySize: 256,
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: Match.anyValue() } },
    },
    DependsOn: [Match.stringLikeRegexp('Role')],
  });
  Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { Description: 'Sets the alternate contacts that this stack declares' });
});

test('a provider elsewhere in the stack with the id of the shared provider is a provider of its own', () => {
  const stack = new Stack();
  const shared = AlternateContactProvider.getOrCreate(stack);
  const provider = new AlternateContactProvider(new Construct(stack, 'Around'), shared.node.id);
  new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, provider });
  expect(Object.keys(contactsOf(stack))).toEqual([expect.stringMatching(/^AlternateContactSecurityProvider[0-9A-F]{8}$/)]);
  expect(shared.node.path).toMatch(/\/Custom::AlternateContactProvider$/);
});

test('the code of the function contains nothing that CloudFormation would resolve as a dynamic reference', () => {
  expect(JSON.stringify(Template.fromStack(stackWithProvider({ env: ENV })).toJSON())).not.toContain('{{');
});

const runtimeIn = (props: StackProps) => {
  const template = Template.fromStack(stackWithProvider(props));
  const [{ Properties }] = Object.values(template.findResources('AWS::Lambda::Function'));
  return { name: Properties.Runtime as unknown, mappings: template.toJSON().Mappings as unknown };
};
/** The newest runtime that this CDK has by name: the oldest one has no NODEJS_24_X. */
const NEWEST = 'NODEJS_24_X' in Runtime ? 'nodejs24.x' : 'nodejs22.x';

test.each([
  ['the CDK knows', 'eu-west-1'],
  ['the CDK does not know yet', 'eu-new-1'],
  ['is isolated, and for which an older CDK names Node.js 18', 'us-iso-east-1'],
])('the function runs on Node.js 22 or later in a region that %s', (_, region) => {
  const { name, mappings } = runtimeIn({ env: { ...ENV, region } });
  expect(name).toMatch(/^nodejs2[2-9]\.x$/);
  expect(mappings).toBeUndefined();
});

test('the function runs on the newest Node.js that the CDK has if the template is for any region, without a map of regions, in which newer ones are missing', () => {
  expect(runtimeIn({})).toEqual({ name: NEWEST, mappings: undefined });
});

test('so does that of a stack set, although its stage names a region', () => {
  const stack = new StackSetStack(new Stack(new App(), 'Stack', { env: ENV }), 'StackSet');
  AlternateContactProvider.getOrCreate(stack);
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { Runtime: NEWEST });
});

test.each([[100, undefined], [101, '100'], [149, '100'], [150, '150'], [199, '150']])(
  'with %i contacts in the stack, the variable CONTACTS of the function is %s', (count, contacts) => {
    const stack = new Stack(new App(), 'Stack', { env: ENV });
    declareMany(stack, count, AlternateContactProvider.getOrCreate(stack));
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
    expect((Properties.Environment as { Variables: { CONTACTS: string } } | undefined)?.Variables.CONTACTS).toBe(contacts);
  });

test('a provider takes a log group or its retention, a timeout and a memory size', () => {
  const stack = new Stack();
  const logGroup = new LogGroup(stack, 'Logs');
  const one = new AlternateContactProvider(stack, 'One', { logGroup, timeout: Duration.minutes(3), memorySize: 512 });
  new AlternateContactProvider(stack, 'Two', { logRetention: RetentionDays.ONE_WEEK });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 180, MemorySize: 512, LoggingConfig: { LogGroup: stack.resolve(logGroup.logGroupName) } });
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  template.resourceCountIs('AWS::Logs::LogGroup', 2);
  expect(one.logGroup).toBe(logGroup);
  expect(one.lambdaFunction.metricErrors().metricName).toBe('Errors');
});

test('a provider lets the app add managed policies to its role', () => {
  const stack = new Stack();
  AlternateContactProvider.getOrCreate(stack).role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AWSXRayDaemonWriteAccess'));
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: [Match.anyValue()] });
});

test.each<[AlternateContactProviderProps, string]>([
  [{ timeout: Duration.seconds(59) }, 'timeout must be 1 to 15 minutes; got 59 seconds'],
  [{ timeout: Duration.millis(59_500) }, 'timeout must be 1 to 15 minutes; got 59 seconds 500 millis'],
  [{ timeout: Duration.minutes(16) }, 'timeout must be 1 to 15 minutes; got 16 minutes'],
  [{ timeout: Duration.seconds(901) }, 'timeout must be 1 to 15 minutes; got 15 minutes 1 second'],
  [{ memorySize: 127 }, 'memorySize must be a whole number from 128 to 10240; got 127'],
  [{ memorySize: 128.5 }, 'memorySize must be a whole number from 128 to 10240; got 128.5'],
  [{ memorySize: 10_241 }, 'memorySize must be a whole number from 128 to 10240; got 10241'],
])('a provider refuses %j', (props, message) => {
  expect(() => new AlternateContactProvider(new Stack(new App(), 'Stack'), 'Provider', props)).toThrow(`Stack/Provider: ${message}`);
});

test.each<[string, (value: number) => Duration]>([['seconds', Duration.seconds], ['minutes', Duration.minutes]])(
  'a provider refuses a timeout in %s that only the deployment knows', (_, timeout) => {
    const stack = new Stack(new App(), 'Stack');
    const value = new CfnParameter(stack, 'Timeout', { type: 'Number' }).valueAsNumber;
    expect(() => new AlternateContactProvider(stack, 'Provider', { timeout: timeout(value) }))
      .toThrow('Stack/Provider: timeout must be known at synthesis, because the ServiceTimeout of each contact follows from it; got a token');
  });

test.each<AlternateContactProviderProps>([
  { timeout: Duration.minutes(1) }, { timeout: Duration.minutes(15) }, { memorySize: 128 }, { memorySize: 10_240 },
  { memorySize: Lazy.number({ produce: () => 1 }) },
])('a provider accepts %j', props => {
  expect(() => new AlternateContactProvider(new Stack(), 'Provider', props)).not.toThrow();
});

test('a contact cannot use the provider of another stack, whose function checks its own stack before it deletes', () => {
  const app = new App();
  const provider = new AlternateContactProvider(new Stack(app, 'One'), 'Provider');
  expect(() => new AlternateContact(new Stack(app, 'Two'), 'Contact', { ...SECURITY_CONTACT, provider }))
    .toThrow('Two/Contact: provider must be in the same stack as the contact, because the function checks its own stack before it deletes a contact; got One/Provider');
});

describe('the revision of a provider', () => {
  test('is a property of each of its contacts, and of no other contact', () => {
    const stack = new Stack();
    AlternateContactProvider.getOrCreate(stack, { revision: '2026-11-30' });
    new AlternateContacts(stack, 'Contacts', { billing: contact('team'), security: contact('team') });
    const provider = new AlternateContactProvider(stack, 'Plain');
    new AlternateContacts(stack, 'Others', { accountId: '222222222222', billing: contact('team'), provider });
    const revisions = Object.values(contactsOf(stack)).map(({ Properties }) => [Properties.AccountId, Properties.Revision]);
    expect(revisions.sort()).toEqual([[undefined, '2026-11-30'], [undefined, '2026-11-30'], ['222222222222', undefined]]);
  });

  test('can be a parameter, so that an update without a new template changes it', () => {
    const stack = new Stack();
    AlternateContactProvider.getOrCreate(stack, { revision: new CfnParameter(stack, 'Revision').valueAsString });
    new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
    expect(Object.values(contactsOf(stack))[0].Properties.Revision).toEqual({ Ref: 'Revision' });
  });

  test.each<[unknown, string]>([
    ['', '; got ""'], ['r'.repeat(65), ' (it has 65 characters); got "rrrrr'], [7, '; got the number 7'], [' ', '; got " "'],
  ])('must not be %j', (revision, got) => {
    const define = () => new AlternateContactProvider(new Stack(new App(), 'Stack'), 'Provider', { revision: revision as string });
    expect(define).toThrow(`Stack/Provider: revision must be 1 to 64 characters, not blank${got}`);
  });
});
