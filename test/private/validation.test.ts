import { App, CfnDynamicReference, CfnDynamicReferenceService, Lazy, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import {
  AlternateContact, AlternateContactOverride, AlternateContactProps, AlternateContactProvider, AlternateContacts, AlternateContactType,
  OrganizationAlternateContacts,
} from '../../src';

const VALID: AlternateContactProps = {
  alternateContactType: AlternateContactType.SECURITY,
  name: 'Security team',
  title: 'On call',
  emailAddress: 'security@example.com',
  phoneNumber: '+1 (555) 010-0',
};
const define = (props: object) => new AlternateContact(new Stack(new App(), 'Stack'), 'Contact', { ...VALID, ...props });
const dynamicReference = (name: string) => new CfnDynamicReference(CfnDynamicReferenceService.SSM, name).toString();
const email = (length: number) => `${'a'.repeat(length - '@example.com'.length)}@example.com`;

test.each<[string, unknown]>([
  ['name', 'n'],
  ['name', 'n'.repeat(64)],
  ['name', '😀'.repeat(64)],
  ['name', 'Équipe sécurité 安全'],
  ['name', '👩\u200d💻 on call'],
  ['name', 'می\u200cخواهم'],
  ['title', 't'.repeat(50)],
  ['emailAddress', email(254)],
  ['emailAddress', 'a_b+c=d.e#f|g!h&i-j@sub.example-domain.com'],
  ['emailAddress', ' padded@example.com '],
  ['phoneNumber', '1'],
  ['phoneNumber', '+(1) 234-5678901234567890'],
  ['accountId', '000000000000'],
  ['accountId', undefined],
  ['name', Lazy.string({ produce: () => '' })],
  ['emailAddress', `prefix-${Lazy.string({ produce: () => 'x' })}`],
  ['emailAddress', dynamicReference('/mail')],
  ['emailAddress', '{{resolve:ssm:/mail:3}}'],
  ['emailAddress', 'team@{{resolve:ssm:/domain}}'],
  ['name', `{{resolve:ssm:/${'n'.repeat(64)}}}`],
  ['phoneNumber', 'dummy-value-for-/phone'],
  ['accountId', dynamicReference('/account')],
  ['accountId', '{{resolve:ssm:/account}}'],
  ['accountId', 'dummy-value-for-/account'],
  ['accountId', Lazy.string({ produce: () => 'dummy-value-for-/account' })],
])('%s takes %j', (property, value) => {
  expect(() => define({ [property]: value })).not.toThrow();
});

test.each<[string, unknown, string, string]>([
  ['name', '', '1 to 64 characters, not blank', '""'],
  ['name', ' \u00a0', 'not blank', '" \u00a0"'],
  ['name', 'n'.repeat(65), '1 to 64 characters', `"${'n'.repeat(65)}"`],
  ['name', '😀'.repeat(65), '1 to 64 characters', '😀"'],
  ['name', 'two\nlines', 'without control or invisible characters', '"two\\nlines"'],
  ['name', 'Secu\u200brity', 'without control or invisible characters', '"Secu\\u{200b}rity"'],
  ['name', '\u202eytiruceS', 'without control or invisible characters', '"\\u{202e}ytiruceS"'],
  ['name', '\ufeffSecurity', 'without control or invisible characters', '"\\u{feff}Security"'],
  ['name', 'Security\u200d', 'without control or invisible characters', '"Security\\u{200d}"'],
  ['name', 'Security \u200dteam', 'without control or invisible characters', '"Security \\u{200d}team"'],
  ['name', 'Secu\u200c\u200drity', 'without control or invisible characters', '"Secu\\u{200c}\\u{200d}rity"'],
  ['name', 'half \ud83d', 'without control or invisible characters', '"half \\ud83d"'],
  ['title', 'On\u00adcall', 'without control or invisible characters', '"On\\u{ad}call"'],
  ['name', undefined, '1 to 64 characters', 'got nothing'],
  ['name', 7, '1 to 64 characters', 'the number 7'],
  ['title', 't'.repeat(51), '1 to 50 characters', `"${'t'.repeat(51)}"`],
  ['title', '\t', 'not blank', '"\\t"'],
  ['emailAddress', email(255), '1 to 254 characters', '@example.com"'],
  ['emailAddress', 'nobody', 'an e-mail address', '"nobody"'],
  ['emailAddress', 'a@b', 'an e-mail address', '"a@b"'],
  ['emailAddress', 'a@example.com b@example.com', 'an e-mail address', '"a@example.com b@example.com"'],
  ['emailAddress', "o'hara@example.com", 'letters, digits and _+=.#|!&-', '"o\'hara@example.com"'],
  ['emailAddress', 'ä@example.com', 'an e-mail address', '"ä@example.com"'],
  ['phoneNumber', '1'.repeat(26), '1 to 25 digits', `"${'1'.repeat(26)}"`],
  ['phoneNumber', '555-CALL', 'digits, spaces and the characters ()+-', '"555-CALL"'],
  ['emailAddress', '\u00a0team@example.com', 'an e-mail address', '"\u00a0team@example.com"'],
  ['emailAddress', 'team@example.com\u2003', 'an e-mail address', '"team@example.com\u2003"'],
  ['emailAddress', 'team\u200b@example.com', 'without control or invisible characters', '"team\\u{200b}@example.com"'],
  ['phoneNumber', '   ', 'not blank', '"   "'],
  ['phoneNumber', '+1\u00a0555\u00a00100', 'digits, spaces and the characters ()+-', '"+1\u00a0555\u00a00100"'],
  ['phoneNumber', '\u202d+1 555 0100', 'without control or invisible characters', '"\\u{202d}+1 555 0100"'],
  ['accountId', '11111111111', 'a string of 12 digits', '"11111111111"'],
  ['accountId', '1111111111111', 'a string of 12 digits', '"1111111111111"'],
  ['accountId', '11111111111x', 'a string of 12 digits', '"11111111111x"'],
  ['accountId', '', 'a string of 12 digits', '""'],
  ['accountId', 111111111111, 'a string of 12 digits', 'the number 111111111111'],
  ['accountId', null, 'a string of 12 digits', 'the object null'],
  ['alternateContactType', 'security', 'BILLING, OPERATIONS or SECURITY', '"security"'],
  ['name', '{{resolve:secretsmanager:who}}', 'a secure dynamic reference, which CloudFormation does not resolve in a custom resource', '"{{resolve:secretsmanager:who}}"'],
  ['emailAddress', 'x{{resolve:ssm-secure:mail}}', 'a secure dynamic reference', '"x{{resolve:ssm-secure:mail}}"'],
  ['alternateContactType', Token.asString({ Ref: 'Type' }), 'BILLING, OPERATIONS or SECURITY', '"${Token['],
  ['alternateContactType', 'dummy-value-for-/type', 'BILLING, OPERATIONS or SECURITY', '"dummy-value-for-/type"'],
  ['accountId', '{resolve:ssm:/account}', 'a string of 12 digits', '"{resolve:ssm:/account}"'],
])('%s refuses %j', (property, value, rule, got) => {
  const error = expect(() => define({ [property]: value }));
  error.toThrow(new RegExp(`Stack/Contact: ${property} must (not )?be `));
  error.toThrow(rule);
  error.toThrow(got);
});

test('values that the command line looks up are asked for at the first synthesis, of a contact and of the contacts of an organization', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } });
  const lookUp = (name: string) => StringParameter.valueFromLookup(stack, name);
  const values = { name: lookUp('name'), title: lookUp('title'), emailAddress: lookUp('mail'), phoneNumber: lookUp('phone') };
  new AlternateContact(stack, 'Contact', { ...VALID, ...values, accountId: lookUp('account') });
  const overrides = [
    AlternateContactOverride.forAccounts([lookUp('member')], { billing: values }),
    AlternateContactOverride.forOrganizationalUnits([lookUp('unit')], { billing: values }),
    AlternateContactOverride.exclude([lookUp('excluded'), lookUp('account')]),
  ];
  new OrganizationAlternateContacts(stack, 'Organization', { security: values, overrides });
  const asked = app.synth().manifest.missing!.map(({ props }) => (props as { parameterName: string }).parameterName);
  expect(new Set(asked)).toEqual(new Set(['name', 'title', 'mail', 'phone', 'account', 'member', 'unit', 'excluded']));
});

test('dynamic references are targets of overrides', () => {
  const stack = new Stack(new App(), 'Stack');
  const { forAccounts, forOrganizationalUnits, exclude } = AlternateContactOverride;
  const contacts = { security: { ...VALID, emailAddress: '{{resolve:ssm:/mail}}' } };
  new OrganizationAlternateContacts(stack, 'Organization', {
    overrides: [
      forAccounts(['{{resolve:ssm:/account}}'], contacts),
      forOrganizationalUnits([dynamicReference('/unit')], contacts),
      exclude(['{{resolve:ssm:/excluded}}']),
    ],
  });
  const definition = JSON.stringify(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
  for (const name of ['account', 'unit', 'excluded', 'mail']) { expect(definition).toContain(`{{resolve:ssm:/${name}}}`); }
  expect(() => exclude(['{resolve:ssm:/excluded}'])).toThrow('AlternateContactOverride.exclude: each of targetIds must be an account id');
});

test.each<[string, unknown, string]>([
  ['a text', '555-CALL', '"555-CALL"'],
  ['a value that is no text', 5550100, 'the number 5550100'],
  ['a missing value', undefined, 'nothing'],
])('an error names the construct, the property, the rule and %s', (_, phoneNumber, got) => {
  expect(() => define({ phoneNumber }))
    .toThrow(new Error(`Stack/Contact: phoneNumber must be 1 to 25 digits, spaces and the characters ()+-, not blank; got ${got}`));
});

test('everything that is wrong is told at once', () => {
  expect(() => define({ name: '', title: '' })).toThrow(new Error('Stack/Contact: name must be 1 to 64 characters, not blank; got "". '
    + 'title must be 1 to 50 characters, not blank; got ""'));
});

test('a snapshot is no removal policy of a contact', () => {
  expect(() => define({ removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow('Stack/Contact: removalPolicy must not be SNAPSHOT, because contacts have no snapshots; got "snapshot"');
});

test('a snapshot is no removal policy that can be applied later', () => {
  const contact = define({});
  expect(() => contact.applyRemovalPolicy(RemovalPolicy.SNAPSHOT))
    .toThrow('Stack/Contact: removalPolicy must not be SNAPSHOT, because contacts have no snapshots; got "snapshot"');
  Template.fromStack(contact.stack).hasResource('Custom::AlternateContact', { DeletionPolicy: Match.absent(), UpdateReplacePolicy: Match.absent() });
});

test('AlternateContacts wants at least one', () => {
  expect(() => new AlternateContacts(new Stack(new App(), 'Stack'), 'Contacts', {})).toThrow('Stack/Contacts: at least one of billing, operations and security must be given; got none');
});

test.each(['billing', 'operations', 'security'] as const)('AlternateContacts defines the %s contact alone where no other is given', type => {
  const contacts = new AlternateContacts(new Stack(), 'Contacts', { [type]: VALID });
  const defined = (['billing', 'operations', 'security'] as const).flatMap(each => contacts[each] ?? []);
  expect(defined).toEqual([contacts[type]]);
  expect(contacts[type]!.alternateContactType).toBe(type.toUpperCase());
  expect(contacts[type]!.node.path).toMatch(new RegExp(`/Contacts/${type}$`, 'i'));
  expect(contacts[type]!.node.id).toMatch(/^[A-Z]/);
});

test('AlternateContacts takes the four fields of a contact from an object that holds more', () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } });
  const team = { ...VALID, accountId: '333333333333', removalPolicy: RemovalPolicy.RETAIN, alternateContactType: AlternateContactType.BILLING };
  new AlternateContacts(stack, 'Contacts', { accountId: '222222222222', security: team });
  Template.fromStack(stack).templateMatches({
    Resources: {
      AlternateContactSecurity222222222222: {
        Type: 'Custom::AlternateContact',
        Properties: { AccountId: '222222222222', AlternateContactType: 'SECURITY', Name: VALID.name },
        DeletionPolicy: Match.absent(),
      },
    },
  });
});

test.each([
  ['is not set yet', undefined, 'accountId must be known when the contact is constructed, because it identifies the contact; got a lazy value that is not set yet. '
    + 'Construct the contact after the value is set, or pass the value itself.'],
  ['is null', null, 'accountId must be known when the contact is constructed'],
  ['is empty', '', 'accountId must be a string of 12 digits; got a lazy value that is ""'],
  ['is no account id', 'shop', 'accountId must be a string of 12 digits; got a lazy value that is "shop"'],
])('an account id that %s is refused with what to do', (_, value, message) => {
  expect(() => define({ accountId: Lazy.string({ produce: () => value as string | undefined }) })).toThrow(`Stack/Contact: ${message}`);
});

test('a provider of another stack is refused: its function checks its own stack before it deletes', () => {
  const app = new App();
  const provider = new AlternateContactProvider(new Stack(app, 'One'), 'Provider');
  expect(() => new AlternateContact(new Stack(app, 'Two'), 'Contact', { ...VALID, provider }))
    .toThrow('Two/Contact: provider must be in the same stack as the contact, because the function checks its own stack before it deletes a contact; got One/Provider');
});

test.each<[string, (stack: Stack) => object]>([
  ['a provider of another stack', stack => ({ provider: new AlternateContactProvider(new Stack(stack.node.root, 'Other'), 'Provider') })],
  ['a removal policy', () => ({ removalPolicy: RemovalPolicy.SNAPSHOT })],
  ['a value', () => ({ name: '' })],
])('a contact that is refused because of %s does not count as declared', (_, wrong) => {
  const stack = new Stack(new App(), 'Stack');
  expect(() => new AlternateContact(stack, 'Refused', { ...VALID, ...wrong(stack) })).toThrow('Stack/Refused: ');
  new AlternateContact(stack, 'Contact', VALID);
  expect(Object.keys(Template.fromStack(stack).findResources('Custom::AlternateContact'))).toEqual(['AlternateContactSecurity']);
});
