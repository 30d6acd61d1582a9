import { EventPattern, Match, RuleTargetInput, RuleTargetInputProperties } from 'aws-cdk-lib/aws-events';

/** The events that tell of an account, with what a run for that account gets as its input. */
interface AccountEvent {
  /** The id of the rule. */
  readonly id: string;
  readonly description: string;
  readonly pattern: EventPattern;
  readonly input: RuleTargetInput;
}

const SERVICE_EVENT = 'AWS Service Event via CloudTrail';
const API_CALL = 'AWS API Call via CloudTrail';
const ORGANIZATIONS = { source: ['aws.organizations'], eventSource: ['organizations.amazonaws.com'] };
const CONTROL_TOWER = { source: ['aws.controltower'], eventSource: ['controltower.amazonaws.com'] };

/** A template with parts of the event. Those of the CDK write each path down three times, and the template of a stack may not be long. */
class EventParts extends RuleTargetInput {
  constructor(private readonly inputTemplate: string, private readonly inputPathsMap: { readonly [name: string]: string }) {
    super();
  }

  public bind(): RuleTargetInputProperties {
    return { inputTemplate: this.inputTemplate, inputPathsMap: this.inputPathsMap };
  }
}

/** Only the id goes on: the events name users and addresses too. EventBridge quotes it. */
const accountAt = (path: string) => new EventParts('{"accountIds":[<id>]}', { id: path });

function controlTower(id: string, eventName: string, status: string, description: string): AccountEvent {
  const { source, eventSource } = CONTROL_TOWER;
  return {
    id,
    description,
    pattern: {
      source,
      detailType: [SERVICE_EVENT],
      detail: { eventSource, eventName: [eventName], serviceEventDetails: { [status]: { state: ['SUCCEEDED'] } } },
    },
    input: accountAt(`$.detail.serviceEventDetails.${status}.account.accountId`),
  };
}

const { source, eventSource } = ORGANIZATIONS;
/** Where AccountJoinedOrganization may have what it tells. */
const JOINED_PARTS = ['serviceEventDetails', 'requestParameters', 'responseElements'];

/**
 * The events of Organizations arrive in the home region of the service alone, those of Control Tower in its own home region. All are best effort.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html
 * @see https://docs.aws.amazon.com/controltower/latest/userguide/lifecycle-events.html
 */
export const ACCOUNT_EVENTS: readonly AccountEvent[] = [
  {
    id: 'AccountCreated',
    description: 'Sets the alternate contacts of an account that Organizations has created',
    pattern: {
      source,
      detailType: [SERVICE_EVENT],
      detail: { eventSource, eventName: ['CreateAccountResult'], serviceEventDetails: { createAccountStatus: { state: ['SUCCEEDED'] } } },
    },
    input: accountAt('$.detail.serviceEventDetails.createAccountStatus.accountId'),
  },
  {
    id: 'AccountJoined',
    description: 'Sets the alternate contacts of an account that has joined the organization',
    // An account that was created joins too, and has the event above. AWS does not document where the event has the id and the method: what is
    // not where it is looked for is left out of the text, and does not keep an event from matching.
    pattern: {
      source,
      detailType: [SERVICE_EVENT, API_CALL],
      detail: {
        eventSource,
        eventName: ['AccountJoinedOrganization'],
        ...Object.fromEntries(JOINED_PARTS.map(part => [part, { joinedMethod: [{ 'anything-but': ['Created', 'CREATED'] }, { exists: false }] }])),
      },
    },
    input: new EventParts('{"joined":"<id0> <id1> <id2> <id3> <method1> <method2> <method3>"}', {
      id0: '$.detail.serviceEventDetails.account.accountId',
      ...Object.fromEntries(JOINED_PARTS.flatMap((part, i) => [
        [`id${i + 1}`, `$.detail.${part}.accountId`],
        [`method${i + 1}`, `$.detail.${part}.joinedMethod`],
      ])),
    }),
  },
  {
    id: 'AccountMoved',
    description: 'Sets the alternate contacts of an account that was moved to another organizational unit',
    pattern: { source, detailType: [API_CALL], detail: { eventSource, eventName: ['MoveAccount'], errorCode: Match.doesNotExist() } },
    input: accountAt('$.detail.requestParameters.accountId'),
  },
  controlTower('AccountEnrolled', 'CreateManagedAccount', 'createManagedAccountStatus', 'Sets the alternate contacts of an account that Control Tower has enrolled'),
  controlTower('AccountUpdated', 'UpdateManagedAccount', 'updateManagedAccountStatus', 'Sets the alternate contacts of an account that Control Tower has updated'),
];

/** The events that another region has to be told of. */
export const FORWARDED_EVENTS: EventPattern = {
  source,
  detailType: [SERVICE_EVENT, API_CALL],
  detail: { eventSource, eventName: ['CreateAccountResult', 'AccountJoinedOrganization', 'MoveAccount'] },
};

/** The ends of the stack's deployments and rollbacks. CloudFormation sends the event itself, and delivers it for certain. */
export function deploymentsOf(stackId: string): EventPattern {
  return {
    source: ['aws.cloudformation'],
    detailType: ['CloudFormation Stack Status Change'],
    detail: { 'stack-id': [stackId], 'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'] } },
  };
}
