import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ContactToDeclare, Contender, placeOf } from './contender';
import { sharedRoleOf } from './role';

/** One function for all contacts of a stack. */
export function functionOf(stack: Stack): Function {
  return stack.node.tryFindChild('Handler') as Function | undefined ?? new Function(stack, 'Handler', {
    code: Code.fromInline(['index.js', 'answer.js'].map(name => readFileSync(join(__dirname, 'handler', name), 'utf8')).join('')),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_22_X,
    timeout: Duration.minutes(15),
    role: sharedRoleOf(stack),
  });
}

class HandWrittenContact extends Construct {
  constructor(scope: Construct, id: string, { accountId, type, values, retain }: Omit<ContactToDeclare, 'path'>) {
    super(scope, id);
    new CustomResource(this, 'Resource', {
      resourceType: 'Custom::AlternateContact',
      serviceToken: functionOf(Stack.of(this)).functionArn,
      properties: { AccountId: accountId, AlternateContactType: type, ...values },
      removalPolicy: retain ? RemovalPolicy.RETAIN : undefined,
    });
  }
}

export const contender: Contender = {
  declare(stack, contact) {
    new HandWrittenContact(...placeOf(stack, contact.path), contact);
  },
};
