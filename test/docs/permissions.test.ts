import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { quotedIn, read, rowsOf, sectionOf } from './markdown';
import { AlternateContactProvider, AlternateContacts, OrganizationAlternateContacts } from '../../src';

const DOCUMENT = read('docs/permissions.md');
const security = { name: 'Team', title: 'On call', emailAddress: 'team@example.com', phoneNumber: '1' };

interface PolicyDocument { readonly Statement: { readonly Action: string | string[] }[] }
interface Resource {
  readonly Type: string;
  readonly Properties: { readonly Policies?: { readonly PolicyDocument: PolicyDocument }[]; readonly PolicyDocument?: PolicyDocument };
}

/** The actions that the roles of a stack are allowed. */
function allowedBy(declare: (stack: Stack) => void): string[] {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } });
  declare(stack);
  const { Resources } = app.synth().getStackByName('Stack').template as { Resources: { readonly [id: string]: Resource } };
  const documents = Object.values(Resources).filter(({ Type }) => /^AWS::IAM::(Role|Policy|ManagedPolicy)$/.test(Type))
    .flatMap(({ Properties }) => [...Properties.Policies?.map(policy => policy.PolicyDocument) ?? [], Properties.PolicyDocument ?? []].flat());
  return [...new Set(documents.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action)))].sort();
}

test.each<[string, (stack: Stack) => void]>([
  ['The function of a stack', stack => {
    for (const scope of [stack, new NestedStack(stack, 'Nested')] as Construct[]) {
      new AlternateContacts(scope, 'Contacts', { accountId: scope === stack ? '222222222222' : undefined, security });
    }
  }],
  ['The sweep of an organization', stack => {
    new OrganizationAlternateContacts(stack, 'Contacts', { security, encryptionKey: new Key(stack, 'Key') });
  }],
])('the actions under "%s" are those that its roles are allowed', (heading, declare) => {
  const rows = rowsOf(sectionOf(DOCUMENT, heading), 'actions', 'resources');
  const documented = rows.flatMap(row => quotedIn(row.actions)).filter(quoted => /^[a-z]+:[A-Z]\w+$/.test(quoted));
  expect(documented.sort()).toEqual(allowedBy(declare));
});

test('the actions under "A function in a VPC" are those that its role is allowed beside the others', () => {
  const declareIn = (stack: Stack, vpc?: IVpc) => {
    AlternateContactProvider.getOrCreate(stack, { vpc });
    new AlternateContacts(stack, 'Contacts', { security });
  };
  const plain = allowedBy(stack => declareIn(stack));
  const inVpc = allowedBy(stack => declareIn(stack, new Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: false })));
  const documented = quotedIn(sectionOf(DOCUMENT, 'A function in a VPC')).filter(quoted => /^[a-z0-9]+:[A-Z]\w+$/.test(quoted));
  expect(documented.sort()).toEqual(inVpc.filter(action => !plain.includes(action)));
});
