import { randomUUID } from 'node:crypto';
import type { Entry, EventBridge } from './event-bridge';
import type { Stack } from '../cloudformation/stack';
import type { Happening, OrganizationTree } from '../organizations/tree';
import type { Execution } from '../step-functions/execution';

/** Sends the event for a new status of a stack. Nested stacks send them, too. */
export function stackStatusChanged(events: EventBridge, { id, account, region, status, statusReason }: Stack): void {
  events.put(account, region, {
    'source': 'aws.cloudformation',
    'detail-type': 'CloudFormation Stack Status Change',
    'resources': [id],
    'detail': { 'stack-id': id, 'status-details': { status, 'status-reason': statusReason ?? '' }, 'client-request-token': randomUUID() },
  });
}

/** Sends the event for a new status of a STANDARD execution. It leaves out what a customer managed key encrypts. */
export function executionStatusChanged(events: EventBridge, { identity, status, input, outcome, startedAt, stoppedAt }: Execution): void {
  const json = (value: unknown) => value === undefined ? null : JSON.stringify(value);
  events.put(identity.account, identity.region, {
    'source': 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    'resources': [identity.arn],
    'detail': {
      executionArn: identity.arn,
      stateMachineArn: identity.machineArn,
      name: identity.name,
      status,
      startDate: startedAt,
      stopDate: stoppedAt ?? null,
      ...!identity.encrypted && {
        input: json(input),
        output: json(outcome.output),
        inputDetails: { included: true },
        outputDetails: outcome.output === undefined ? null : { included: true },
        error: outcome.error ?? null,
        cause: outcome.cause ?? null,
      },
    },
  });
}

/** Sends an event of Organizations. Through CloudTrail, it reaches EventBridge only in us-east-1 of the management account. */
export function accountHappened(events: EventBridge, { organization, options }: OrganizationTree, happening: Happening): void {
  events.put(organization.managementAccount, 'us-east-1', organizationsEvent(happening, organization.managementAccount, options.joinedAccountAt));
}

function organizationsEvent(happening: Happening, managementAccount: string, joinedAccountAt = 'accountId'): Entry {
  const common = { eventSource: 'organizations.amazonaws.com', eventName: happening.name, awsRegion: 'us-east-1', recipientAccountId: managementAccount, eventID: randomUUID() };
  const serviceEvent = (serviceEventDetails: object | undefined, additionalEventData?: object): Entry => ({
    'source': 'aws.organizations',
    'detail-type': 'AWS Service Event via CloudTrail',
    'detail': {
      ...common,
      eventType: 'AwsServiceEvent',
      userIdentity: { accountId: managementAccount, invokedBy: 'AWS Internal' },
      requestParameters: null,
      responseElements: null,
      ...serviceEventDetails && { serviceEventDetails },
      ...additionalEventData && { additionalEventData },
    },
  });
  const joined = (account: string, joinedMethod: string, joinedTime: number): Entry => {
    switch (joinedAccountAt) {
      case 'additionalEventData':
        return serviceEvent(undefined, { accountId: account, joinedMethod, joinedTime });
      case 'nowhere':
        return serviceEvent({ joinedTime });
      case 'method only':
        return serviceEvent({ joinedMethod, joinedTime });
      case 'account.accountId':
        return serviceEvent({ account: { accountId: account }, joinedMethod, joinedTime });
      default:
        return serviceEvent({ accountId: account, joinedMethod, joinedTime });
    }
  };
  switch (happening.name) {
    case 'CreateAccountResult':
      return serviceEvent({
        createAccountStatus: happening.succeeded
          ? { id: `car-${happening.account}`, state: 'SUCCEEDED', accountName: '****', accountId: happening.account }
          : { id: 'car-failed', state: 'FAILED', accountName: '****', failureReason: 'EMAIL_ALREADY_EXISTS' },
      });
    case 'AccountJoinedOrganization':
      return joined(happening.account, happening.joinedMethod, happening.at);
    case 'MoveAccount':
      return {
        'source': 'aws.organizations',
        'detail-type': 'AWS API Call via CloudTrail',
        'detail': {
          ...common,
          eventType: 'AwsApiCall',
          userIdentity: { type: 'AssumedRole', accountId: managementAccount },
          requestParameters: { accountId: happening.account, sourceParentId: happening.from, destinationParentId: happening.to },
          responseElements: null,
          ...happening.refused && { errorCode: 'DuplicateAccountException' },
        },
      };
  }
}
