/**
 * What is put to the proof: this library, and what people use today. Each declares the contacts of a stack in its own way.
 */
import { CfnParameter, CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime, SingletonFunction } from 'aws-cdk-lib/aws-lambda';
import { AwsCustomResource, AwsSdkCall, Logging, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { contactValues, Declaration } from './model';
import type { Template } from '../../sandbox';
import { AlternateContact, AlternateContactProvider, AlternateContactType } from '../../src';

/** What a custom resource's properties say of its contact. */
export interface ContactProperties {
  readonly AccountId?: string;
  readonly AlternateContactType?: string;
  readonly Name?: string;
}

export interface System {
  readonly name: string;
  /** The function is an asset, so the stack needs a bootstrap. */
  readonly usesAssets?: boolean;
  propertiesIn(properties: { readonly [property: string]: unknown }, requestType: 'Create' | 'Update' | 'Delete'): ContactProperties;
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
  propertiesIn: properties => properties,
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

/** A strong user leaves the own account out where it can be told: a token can't. */
function otherAccountIdOf(stack: Stack, declaration: Declaration, parameters: (name: string) => CfnParameter): string | undefined {
  const accountId = accountIdOf(declaration, parameters);
  return accountId === stack.account ? undefined : accountId;
}

/** The permissions are part of the role, so that they are there before the function and go after it. */
function sharedRoleOf(stack: Stack): Role {
  return stack.node.tryFindChild('Role') as Role | undefined ?? new Role(stack, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole')],
    inlinePolicies: {
      Contacts: new PolicyDocument({
        statements: [new PolicyStatement({ actions: ['account:PutAlternateContact', 'account:DeleteAlternateContact'], resources: ['*'] })],
      }),
    },
  });
}

/** AwsCustomResource at its best: one role for all, an id that names the contact, a Delete that may find nothing, and the SDK's patience. */
export const awsCustomResource: System = {
  name: 'AwsCustomResource',
  usesAssets: true,
  propertiesIn: (properties, requestType) => (JSON.parse(String(properties[requestType])) as { parameters: ContactProperties }).parameters,
  declare(stack, declaration, parameters) {
    const { scope, id } = parentOf(stack, declaration.path);
    const key = { AccountId: otherAccountIdOf(stack, declaration, parameters), AlternateContactType: declaration.type };
    const put: AwsSdkCall = {
      service: 'account',
      action: 'PutAlternateContact',
      parameters: { ...key, ...contactValues(declaration.values) },
      physicalResourceId: PhysicalResourceId.of(`${key.AccountId ?? stack.account}-${declaration.type}`),
      logging: Logging.withDataHidden(),
    };
    const resource = new AwsCustomResource(scope, id, {
      onUpdate: put,
      onDelete: {
        service: 'account',
        action: 'DeleteAlternateContact',
        parameters: key,
        ignoreErrorCodesMatching: 'ResourceNotFoundException',
        logging: Logging.withDataHidden(),
      },
      role: sharedRoleOf(stack),
      installLatestAwsSdk: false,
      removalPolicy: declaration.retain ? RemovalPolicy.RETAIN : undefined,
      timeout: Duration.minutes(15),
    });
    // No property gives the function more than the SDK's three attempts, but every SDK reads this variable.
    (resource.node.findChild('Provider') as SingletonFunction).addEnvironment('AWS_MAX_ATTEMPTS', '50');
  },
};

/** What a careful author writes by hand: the own account may be named, a missing contact is fine, and nothing personal is said. */
const PLAIN_HANDLER = `
const { AccountClient, PutAlternateContactCommand, DeleteAlternateContactCommand } = require('@aws-sdk/client-account');
const client = new AccountClient({ maxAttempts: 50 });
exports.handler = async (event, context) => {
  const { EmailAddress, Name, PhoneNumber, Title, AlternateContactType, AccountId } = event.ResourceProperties;
  const ownAccount = context.invokedFunctionArn.split(':')[4];
  const key = { AlternateContactType, ...(AccountId && AccountId !== ownAccount && { AccountId }) };
  const answer = { Status: 'SUCCESS', PhysicalResourceId: event.PhysicalResourceId };
  try {
    if (event.RequestType === 'Delete') {
      await client.send(new DeleteAlternateContactCommand(key)).catch(error => {
        if (error.name !== 'ResourceNotFoundException') throw error;
      });
    } else {
      answer.PhysicalResourceId = (AccountId || ownAccount) + '-' + AlternateContactType;
      await client.send(new PutAlternateContactCommand({ ...key, EmailAddress, Name, PhoneNumber, Title }));
    }
  } catch (error) {
    Object.assign(answer, { Status: 'FAILED', Reason: error.name });
  }
  const { StackId, RequestId, LogicalResourceId } = event;
  const body = Buffer.from(JSON.stringify({ ...answer, StackId, RequestId, LogicalResourceId }));
  const { ok } = await fetch(event.ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body });
  if (!ok) throw new Error('The answer was not taken'); // Lambda delivers the event again
};`;
export const plain: System = {
  name: 'put/put/delete by hand',
  propertiesIn: properties => properties,
  declare(stack, declaration, parameters) {
    const { scope, id } = parentOf(stack, declaration.path);
    const handler = stack.node.tryFindChild('Handler') as Function | undefined ?? new Function(stack, 'Handler', {
      code: Code.fromInline(PLAIN_HANDLER), handler: 'index.handler', runtime: Runtime.NODEJS_22_X, timeout: Duration.minutes(15), role: sharedRoleOf(stack),
    });
    new CustomResource(scope, id, {
      resourceType: 'Custom::AlternateContact',
      serviceToken: handler.functionArn,
      properties: { AccountId: accountIdOf(declaration, parameters), AlternateContactType: declaration.type, ...contactValues(declaration.values) },
      removalPolicy: declaration.retain ? RemovalPolicy.RETAIN : undefined,
    });
  },
};
