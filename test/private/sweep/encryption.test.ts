import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { declare, ENV, SOC, stackIn, templateOf } from './fixtures';
import { attachedStatementsOf } from '../../policies';

test.each<[boolean, string]>([
  [false, 'to call kms:Decrypt, and logs\\.<region>\\.amazonaws\\.com to encrypt'],
  [true, 'to call kms:Decrypt\\. '],
])('a warning says what the policy of an imported key must allow (with a given log group: %j)', (hasLogGroup, text) => {
  const stack = stackIn(ENV);
  const encryptionKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/1');
  declare({ ...SOC, encryptionKey, logGroup: hasLogGroup ? new LogGroup(stack, 'Logs') : undefined }, stack);
  Annotations.fromStack(stack).hasWarning('/Stack/Contacts', Match.stringLikeRegexp(`It must allow delivery\\.logs\\.amazonaws\\.com ${text}`));
  const own = stackIn(ENV);
  declare({ ...SOC, encryptionKey: new Key(own, 'Key') }, own);
  Annotations.fromStack(own).hasNoWarning('*', Match.stringLikeRegexp('imported key'));
});

test('a given key encrypts the machine and its logs, and the role may use it for this machine only', () => {
  const stack = stackIn(ENV);
  const template = templateOf({ ...SOC, encryptionKey: new Key(stack, 'Key') }, stack);
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine')) as { Properties: { StateMachineName: string } }[];
  template.hasResourceProperties('AWS::StepFunctions::StateMachine', { EncryptionConfiguration: { Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: Match.anyValue() } });
  template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: Match.anyValue() });
  const [use] = attachedStatementsOf(template, /RoleDefaultPolicy/).filter(({ Action }) => [Action].flat().includes('kms:Decrypt'));
  expect(machine.Properties.StateMachineName).toMatch(/^Stack-Contacts-?[0-9A-F]{8}$/);
  expect(JSON.stringify(use.Condition)).toContain(`:states:us-east-1:111111111111:stateMachine:${machine.Properties.StateMachineName}"`);
});

test("CloudWatch Logs may encrypt and decrypt with a given key, for the log groups of the stack's account and region only", () => {
  const stack = stackIn(ENV);
  const template = templateOf({ ...SOC, encryptionKey: new Key(stack, 'Key') }, stack);
  const [{ Properties }] = Object.values(template.findResources('AWS::KMS::Key')) as { Properties: { KeyPolicy: { Statement: object[] } } }[];
  expect(Properties.KeyPolicy.Statement).toContainEqual({
    Effect: 'Allow',
    Principal: { Service: { 'Fn::Join': ['', ['logs.us-east-1.', { Ref: 'AWS::URLSuffix' }]] } },
    Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    Resource: '*',
    Condition: {
      ArnLike: { 'kms:EncryptionContext:aws:logs:arn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:us-east-1:111111111111:log-group:*']] } },
    },
  });
});

test('a given log group gets no permission to use the key, because its owner decides how it is encrypted', () => {
  const stack = stackIn(ENV);
  const template = templateOf({ ...SOC, encryptionKey: new Key(stack, 'Key'), logGroup: new LogGroup(stack, 'Logs') }, stack);
  expect(JSON.stringify(template.findResources('AWS::KMS::Key'))).not.toContain('logs.us-east-1.');
});
