/**
 * What is put to the proof: this library, and what people use today. Each declares the contacts of a stack in its own way.
 */
import { CfnParameter, CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { AwsCustomResource, AwsCustomResourcePolicy, AwsSdkCall, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { Declaration } from './model';
import type { Template } from '../../sandbox';
import { AlternateContact, AlternateContactProvider, AlternateContactType } from '../../src';

/** The values that a number stands for. Each is recognized wherever it turns up. */
export const contactValues = (values: number) => ({
  Name: `Nomen${values} Nominandum`, Title: `Munus${values}`, EmailAddress: `persona${values}@example.com`, PhoneNumber: `+99 ${values} 555`,
});
export const PERSONAL = /Nomen\d|Munus\d|persona\d|\+99 \d/;

export interface System {
  readonly name: string;
  declare(stack: Stack, declaration: Declaration, parameters: (name: string) => CfnParameter): void;
  /** Changes the template before it is deployed: to break what the proof must then find broken. */
  transform?(template: Template): void;
}

/** The account as the user writes it. */
function accountIdOf({ account }: Declaration, parameters: (name: string) => CfnParameter): string | undefined {
  return account.as === 'omitted' ? undefined : account.as === 'literal' ? account.id : parameters(account.parameter).valueAsString;
}

/** Finds or makes the parent of a path's last part. */
function parentOf(stack: Stack, path: string): { scope: Construct; id: string } {
  const ids = path.split('/');
  const id = ids.pop()!;
  return { scope: ids.reduce<Construct>((scope, name) => scope.node.tryFindChild(name) as Construct ?? new Construct(scope, name), stack), id };
}

export const alternateContact: System = {
  name: 'cdk-alternate-contact',
  declare(stack, declaration, parameters) {
    const { scope, id } = parentOf(stack, declaration.path);
    const { provider: name } = declaration;
    const provider = name === 'default' ? undefined
      : stack.node.tryFindChild(name) as AlternateContactProvider ?? new AlternateContactProvider(stack, name);
    const { Name, Title, EmailAddress, PhoneNumber } = contactValues(declaration.values);
    new AlternateContact(scope, id, {
      accountId: accountIdOf(declaration, parameters),
      alternateContactType: declaration.type as AlternateContactType,
      name: Name,
      title: Title,
      emailAddress: EmailAddress,
      phoneNumber: PhoneNumber,
      removalPolicy: declaration.retain ? RemovalPolicy.RETAIN : undefined,
      overwriteExisting: declaration.overwriteExisting,
      provider,
    });
  },
};

/** As the documentation of AwsCustomResource shows it: put on create and update, delete on delete. */
export const awsCustomResource: System = {
  name: 'AwsCustomResource',
  declare(stack, declaration, parameters) {
    const { scope, id } = parentOf(stack, declaration.path);
    const key = { AccountId: accountIdOf(declaration, parameters), AlternateContactType: declaration.type };
    const put: AwsSdkCall = {
      service: 'account',
      action: 'PutAlternateContact',
      parameters: { ...key, ...contactValues(declaration.values) },
      physicalResourceId: PhysicalResourceId.of(`AlternateContact-${declaration.type}`),
    };
    new AwsCustomResource(scope, id, {
      onUpdate: put,
      onDelete: { service: 'account', action: 'DeleteAlternateContact', parameters: key },
      policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: AwsCustomResourcePolicy.ANY_RESOURCE }),
      installLatestAwsSdk: false,
      removalPolicy: declaration.retain ? RemovalPolicy.RETAIN : undefined,
      timeout: Duration.minutes(15),
    });
  },
};

/** The least that can be written by hand, as it is found in many repositories. */
const PLAIN_HANDLER = `
const { AccountClient, PutAlternateContactCommand, DeleteAlternateContactCommand } = require('@aws-sdk/client-account');
const client = new AccountClient({});
exports.handler = async event => {
  const { ServiceToken, ServiceTimeout, ...properties } = event.ResourceProperties;
  const { AccountId, AlternateContactType } = properties;
  let answer = { Status: 'SUCCESS' };
  try {
    if (event.RequestType === 'Delete') {
      await client.send(new DeleteAlternateContactCommand({ AccountId, AlternateContactType })).catch(error => {
        if (error.name !== 'ResourceNotFoundException') throw error;
      });
    } else {
      await client.send(new PutAlternateContactCommand(properties));
    }
  } catch (error) {
    answer = { Status: 'FAILED', Reason: String(error) };
  }
  const { StackId, RequestId, LogicalResourceId, ResponseURL } = event;
  await fetch(ResponseURL, {
    method: 'PUT',
    headers: { 'content-type': '' },
    body: Buffer.from(JSON.stringify({ ...answer, StackId, RequestId, LogicalResourceId, PhysicalResourceId: LogicalResourceId })),
  });
};`;
export const plain: System = {
  name: 'put/put/delete by hand',
  declare(stack, declaration, parameters) {
    const { scope, id } = parentOf(stack, declaration.path);
    let handler = stack.node.tryFindChild('Handler') as Function | undefined;
    if (!handler) {
      handler = new Function(stack, 'Handler', {
        code: Code.fromInline(PLAIN_HANDLER), handler: 'index.handler', runtime: Runtime.NODEJS_22_X, timeout: Duration.minutes(15),
      });
      handler.addToRolePolicy(new PolicyStatement({ actions: ['account:PutAlternateContact', 'account:DeleteAlternateContact'], resources: ['*'] }));
    }
    const resource = new CustomResource(scope, id, {
      resourceType: 'Custom::AlternateContact',
      serviceToken: handler.functionArn,
      properties: { AccountId: accountIdOf(declaration, parameters), AlternateContactType: declaration.type, ...contactValues(declaration.values) },
      removalPolicy: declaration.retain ? RemovalPolicy.RETAIN : undefined,
    });
    resource.node.addDependency(handler);
  },
};
