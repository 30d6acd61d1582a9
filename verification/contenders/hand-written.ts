import { CfnResource, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { SampleContact, Contender } from './contender';

/** The least that works when it is allowed to: no validation, nothing said about what went wrong. */
const HANDLER = `
const { AccountClient, PutAlternateContactCommand, DeleteAlternateContactCommand } = require('@aws-sdk/client-account');
const client = new AccountClient({ maxAttempts: 50 });
exports.handler = async event => {
  const { AccountId, AlternateContactType, EmailAddress, Name, PhoneNumber, Title } = event.ResourceProperties;
  const key = { AccountId, AlternateContactType };
  const answer = { Status: 'SUCCESS', PhysicalResourceId: AccountId + '-' + AlternateContactType };
  try {
    await client.send(event.RequestType === 'Delete'
      ? new DeleteAlternateContactCommand(key)
      : new PutAlternateContactCommand({ ...key, EmailAddress, Name, PhoneNumber, Title }));
  } catch (error) {
    Object.assign(answer, { Status: 'FAILED', Reason: error.name });
  }
  const { StackId, RequestId, LogicalResourceId } = event;
  const body = JSON.stringify({ ...answer, StackId, RequestId, LogicalResourceId });
  await new Promise((resolve, reject) => require('https')
    .request(event.ResponseURL, { method: 'PUT', headers: { 'content-length': Buffer.byteLength(body) } }, response => response.resume().on('end', resolve))
    .on('error', reject).end(body));
};
`;

export function handlerOf(stack: Stack): Function {
  return stack.node.tryFindChild('Handler') as Function | undefined ?? new Function(stack, 'Handler', {
    code: Code.fromInline(HANDLER), handler: 'index.handler', runtime: Runtime.NODEJS_22_X, timeout: Duration.minutes(15),
  });
}

/** Part of the role, so that it is there before the function. */
export function allow(stack: Stack): void {
  const statement = { Effect: 'Allow', Action: ['account:PutAlternateContact', 'account:DeleteAlternateContact'], Resource: '*' };
  (handlerOf(stack).role?.node.defaultChild as CfnResource).addPropertyOverride('Policies', [
    { PolicyName: 'Contacts', PolicyDocument: { Version: '2012-10-17', Statement: [statement] } },
  ]);
}

class HandWrittenContact extends Construct {
  constructor(scope: Construct, id: string, contact: SampleContact) {
    super(scope, id);
    new CustomResource(this, 'Resource', {
      resourceType: 'Custom::AlternateContact',
      serviceToken: handlerOf(Stack.of(this)).functionArn,
      properties: { ...contact },
    });
  }
}

export const contender: Contender = {
  declare(stack, index, contact) {
    new HandWrittenContact(stack, `Contact${index}`, contact);
  },
  allow,
};
