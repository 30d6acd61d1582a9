import { Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';

/** Allows the management account to forward events to the default event bus. Only a stack in the account of a delegated administrator needs this. */
export function allowForwardedEvents(scope: Construct, managementAccount: string): void {
  new CfnEventBusPolicy(scope, 'ForwardedEvents', {
    statementId: 'ForwardedEvents',
    statement: {
      Effect: 'Allow',
      Principal: { AWS: managementAccount },
      Action: 'events:PutEvents',
      Resource: Stack.of(scope).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' }),
    },
  });
}
