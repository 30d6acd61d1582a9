import { EventPattern, Match, RuleTargetInput, RuleTargetInputProperties } from 'aws-cdk-lib/aws-events';

/** An event about an account, and the input of the run that it starts. */
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

/** Builds an input from parts of the event. The CDK's own class writes each path three times, and the size of a template is limited. */
class EventParts extends RuleTargetInput {
  constructor(private readonly inputTemplate: string, private readonly inputPathsMap: { readonly [name: string]: string }) {
    super();
  }

  public bind(): RuleTargetInputProperties {
    return { inputTemplate: this.inputTemplate, inputPathsMap: this.inputPathsMap };
  }
}

/** Passes on the id alone, because the events also name users and addresses. EventBridge adds the quotes. */
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
/** The parts of AccountJoinedOrganization that may carry the id and the method. */
const JOINED_PARTS = ['serviceEventDetails', 'requestParameters', 'responseElements'];

/**
 * Organizations sends its events to its home region only, and Control Tower to the home region of the landing zone. All are best effort.
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
    // A created account joins too, and the event above covers it. AWS does not document where this event carries the id and the method. What is
    // missing is left out of the text, and does not keep the event from matching.
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

/** The events to forward to the region of the sweep. */
export const FORWARDED_EVENTS: EventPattern = {
  source,
  detailType: [SERVICE_EVENT, API_CALL],
  detail: { eventSource, eventName: ['CreateAccountResult', 'AccountJoinedOrganization', 'MoveAccount'] },
};

/** Matches the end of each deployment and rollback of the stack. CloudFormation delivers this event at least once. */
export function deploymentsOf(stackId: string): EventPattern {
  return {
    source: ['aws.cloudformation'],
    detailType: ['CloudFormation Stack Status Change'],
    detail: { 'stack-id': [stackId], 'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'] } },
  };
}
