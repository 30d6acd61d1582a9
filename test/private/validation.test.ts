import { App, CfnDynamicReference, CfnDynamicReferenceService, CfnParameter, Lazy, SecretValue, Stack, Token } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { AlternateContact, AlternateContactOverride, OrganizationAlternateContacts } from '../../src';
import { SECURITY_CONTACT, stackIn } from '../contacts';

const define = (props: object) => new AlternateContact(stackIn(), 'Contact', { ...SECURITY_CONTACT, ...props });
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
])('%s accepts %j', (property, value) => {
  expect(() => define({ [property]: value })).not.toThrow();
});

test.each<[string, unknown, string, string]>([
  ['name', '', '1 to 64 characters, not blank', '""'],
  ['name', ' \u00a0', 'not blank', '" \\u{a0}"'],
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
  ['emailAddress', '\u00a0team@example.com', 'an e-mail address', '"\\u{a0}team@example.com"'],
  ['emailAddress', 'team@example.com\u2003', 'an e-mail address', '"team@example.com\\u{2003}"'],
  ['emailAddress', 'team\u200b@example.com', 'without control or invisible characters', '"team\\u{200b}@example.com"'],
  ['phoneNumber', '   ', 'not blank', '"   "'],
  ['phoneNumber', '+1\u00a0555\u00a00100', 'digits, spaces and the characters ()+-', '"+1\\u{a0}555\\u{a0}0100"'],
  ['phoneNumber', '+1\u3164555', 'digits, spaces and the characters ()+-', '"+1\\u{3164}555"'],
  ['phoneNumber', '+1\u2800555', 'digits, spaces and the characters ()+-', '"+1\\u{2800}555"'],
  ['phoneNumber', '+1 555\ufe0f', 'digits, spaces and the characters ()+-', '"+1 555\\u{fe0f}"'],
  ['name', 'a\u007f\u0085b', 'without control or invisible characters', '"a\\u{7f}\\u{85}b"'],
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

describe('a secret', () => {
  const declare = (secretIn: (stack: Stack) => string, property = 'emailAddress') => {
    const stack = stackIn();
    new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, [property]: secretIn(stack) });
  };
  const mail = () => SecretValue.secretsManager('mail').unsafeUnwrap();

  test.each<[string, (stack: Stack) => string, string]>([
    ['of Secrets Manager', mail, '"{{resolve:secretsmanager:mail:SecretString:::}}"'],
    ['that only a lazy value names', () => Lazy.string({ produce: mail }), '"{{resolve:secretsmanager:mail:'],
    ['within a text', () => `${mail()}@example.com`, '"{{resolve:secretsmanager:mail:SecretString:::}}@example.com"'],
    ['that the stack creates', stack => new Secret(stack, 'Secret').secretValue.unsafeUnwrap(), 'the object {"Fn::Join":["",["{{resolve:secretsmanager:",'],
    ['of Systems Manager', () => SecretValue.ssmSecure('/mail', '1').unsafeUnwrap(), '"{{resolve:ssm-secure:/mail:1}}"'],
  ])('%s is refused, because CloudFormation would not resolve it', (_, secretIn, got) => {
    const error = expect(() => declare(secretIn));
    error.toThrow('Stack/Contact: emailAddress must not be a secure dynamic reference, which CloudFormation does not resolve in a custom resource. '
      + 'Pass a CfnParameter with noEcho, or a plain parameter of Systems Manager, {{resolve:ssm:...}}; got ');
    error.toThrow(got);
  });

  test('is refused as the account id too', () => {
    expect(() => declare(() => SecretValue.secretsManager('account').unsafeUnwrap(), 'accountId')).toThrow('accountId must not be a secure dynamic reference');
  });

  test.each<[string, (stack: Stack) => string]>([
    ['that is a parameter with noEcho', stack => SecretValue.cfnParameter(new CfnParameter(stack, 'Mail', { noEcho: true })).unsafeUnwrap()],
    ['that is written out', () => SecretValue.unsafePlainText('team@example.com').unsafeUnwrap()],
    ['that a lazy value cannot name yet', () => Lazy.string({ produce: () => { throw new Error('not yet'); } })],
  ])('%s is accepted', (_, secretIn) => {
    expect(() => declare(secretIn)).not.toThrow();
  });
});

test('the first synthesis asks for the values that the command line looks up, for a contact and for an organization', () => {
  const app = new App();
  const stack = stackIn('111111111111', app);
  const lookUp = (name: string) => StringParameter.valueFromLookup(stack, name);
  const values = { name: lookUp('name'), title: lookUp('title'), emailAddress: lookUp('mail'), phoneNumber: lookUp('phone') };
  new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, ...values, accountId: lookUp('account') });
  const overrides = [
    AlternateContactOverride.forAccounts([lookUp('member')], { billing: values }),
    AlternateContactOverride.forOrganizationalUnits([lookUp('unit')], { billing: values }),
    AlternateContactOverride.exclude([lookUp('excluded'), lookUp('account')]),
  ];
  new OrganizationAlternateContacts(stack, 'Organization', { security: values, overrides });
  const asked = app.synth().manifest.missing!.map(({ props }) => (props as { parameterName: string }).parameterName);
  expect(new Set(asked)).toEqual(new Set(['name', 'title', 'mail', 'phone', 'account', 'member', 'unit', 'excluded']));
});

test.each<[string, unknown, string]>([
  ['a text', '555-CALL', '"555-CALL"'],
  ['a value that is not a text', 5550100, 'the number 5550100'],
  ['a missing value', undefined, 'nothing'],
])('an error names the construct, the property, the rule and %s', (_, phoneNumber, got) => {
  expect(() => define({ phoneNumber }))
    .toThrow(new Error(`Stack/Contact: phoneNumber must be 1 to 25 digits, spaces and the characters ()+-, not blank; got ${got}`));
});

test('an error lists everything that is wrong', () => {
  expect(() => define({ name: '', title: '' })).toThrow(new Error('Stack/Contact: name must be 1 to 64 characters, not blank; got "". '
    + 'title must be 1 to 50 characters, not blank; got ""'));
});
