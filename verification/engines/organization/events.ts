import { NEW, REGION, STACK_NAME } from './organization-setup';
import { OWN_ACCOUNT } from '../workbench';

/*
 * Events as AWS documents them, and near misses, each with the rules that must match it. The id of a rule is that of its construct.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html
 * https://docs.aws.amazon.com/controltower/latest/userguide/lifecycle-events.html
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */

export const STACK_ID = `arn:aws:cloudformation:${REGION}:${OWN_ACCOUNT}:stack/${STACK_NAME}/6a7e8feb-b491-4cf7-a9f1-bf3703467718`;
export const MACHINE_ARN = `arn:aws:states:${REGION}:${OWN_ACCOUNT}:stateMachine:sweep`;

type Rule = 'Deployed' | 'AccountCreated' | 'AccountJoined' | 'AccountMoved' | 'AccountEnrolled' | 'AccountUpdated' | 'Completed' | 'Forwarded';

export interface Candidate {
  readonly what: string;
  readonly event: object;
  readonly rules: readonly Rule[];
}

const event = (source: string, detailType: string, detail: object) => ({
  'version': '0',
  'id': '7bf73129-1428-4cd3-a780-95db273d1602',
  'detail-type': detailType,
  source,
  'account': OWN_ACCOUNT,
  'time': '2026-11-24T12:00:00Z',
  'region': REGION,
  'resources': [],
  detail,
});

const stackStatus = (status: string, { stackId = STACK_ID, source = 'aws.cloudformation' } = {}) =>
  event(source, 'CloudFormation Stack Status Change', {
    'stack-id': stackId, 'status-details': { 'status': status, 'status-reason': '' }, 'client-request-token': '',
  });

const OTHER_STACK = STACK_ID.replace(`/${STACK_NAME}/`, '/another/');

const stacks: Candidate[] = [
  ...['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'].map((status): Candidate => ({
    what: `the stack is ${status}`, event: stackStatus(status), rules: ['Deployed'],
  })),
  ...['CREATE_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'DELETE_COMPLETE']
    .map((status): Candidate => ({ what: `the stack is ${status}`, event: stackStatus(status), rules: [] })),
  { what: 'another stack is UPDATE_COMPLETE', event: stackStatus('UPDATE_COMPLETE', { stackId: OTHER_STACK }), rules: [] },
  { what: 'somebody else says that the stack is UPDATE_COMPLETE', event: stackStatus('UPDATE_COMPLETE', { source: 'com.example' }), rules: [] },
  {
    what: 'a resource of the stack is CREATE_COMPLETE',
    event: { ...stackStatus('CREATE_COMPLETE'), 'detail-type': 'CloudFormation Resource Status Change' },
    rules: [],
  },
];

interface Trail {
  readonly service?: string;
  readonly source?: string;
  readonly requestParameters?: object;
  readonly serviceEventDetails?: object;
  readonly errorCode?: string;
}

/** An event as CloudTrail records it: API calls have request parameters, events of the service itself have details. */
function trail(eventName: string, { service = 'organizations', source = `aws.${service}`, ...members }: Trail): object {
  const isCall = members.requestParameters !== undefined;
  return event(source, isCall ? 'AWS API Call via CloudTrail' : 'AWS Service Event via CloudTrail', {
    eventVersion: '1.09',
    userIdentity: { accountId: OWN_ACCOUNT, invokedBy: 'AWS Internal' },
    eventTime: '2026-11-24T12:00:00Z',
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: 'us-east-1',
    sourceIPAddress: 'AWS Internal',
    userAgent: 'AWS Internal',
    requestParameters: null,
    responseElements: null,
    eventID: 'EXAMPLE8-90ab-cdef-fedc-ba987EXAMPLE',
    readOnly: false,
    eventType: isCall ? 'AwsApiCall' : 'AwsServiceEvent',
    recipientAccountId: OWN_ACCOUNT,
    ...members,
  });
}

const created = (state: string) => ({
  createAccountStatus: {
    id: 'car-examplecreateaccountrequestid111',
    state,
    accountName: '****',
    ...state === 'SUCCEEDED' ? { accountId: NEW.id } : { failureReason: 'EMAIL_ALREADY_EXISTS' },
    requestedTimestamp: 'Nov 24, 2026 12:00:00 PM',
    completedTimestamp: 'Nov 24, 2026 12:00:01 PM',
  },
});

const moved = { accountId: NEW.id, sourceParentId: 'r-sb01', destinationParentId: NEW.unit };

const managed = (status: string, state: string) => ({
  [status]: {
    organizationalUnit: { organizationalUnitName: 'Shop', organizationalUnitId: NEW.unit },
    account: { accountName: 'Shop', accountId: NEW.id },
    state,
    message: 'AWS Control Tower ...',
    requestedTimestamp: '2026-11-24T12:00:00+0000',
    completedTimestamp: '2026-11-24T12:00:01+0000',
  },
});

const accounts: Candidate[] = [
  {
    what: 'Organizations has created an account',
    event: trail('CreateAccountResult', { serviceEventDetails: created('SUCCEEDED') }),
    rules: ['AccountCreated', 'Forwarded'],
  },
  {
    what: 'Organizations has failed to create an account',
    event: trail('CreateAccountResult', { serviceEventDetails: created('FAILED') }),
    rules: ['Forwarded'],
  },
  {
    what: 'somebody else says that an account was created',
    event: trail('CreateAccountResult', { source: 'com.example', serviceEventDetails: created('SUCCEEDED') }),
    rules: [],
  },
  { what: 'somebody asks for a new account', event: trail('CreateAccount', { requestParameters: { accountName: '****' } }), rules: [] },
  {
    what: 'an account has joined',
    event: trail('AccountJoinedOrganization', { serviceEventDetails: { accountId: NEW.id } }),
    rules: ['AccountJoined', 'Forwarded'],
  },
  {
    what: 'an account has joined by invitation',
    event: trail('AccountJoinedOrganization', { serviceEventDetails: { accountId: NEW.id, joinedMethod: 'Invited' } }),
    rules: ['AccountJoined', 'Forwarded'],
  },
  {
    what: 'an account has joined because it was created',
    event: trail('AccountJoinedOrganization', { serviceEventDetails: { accountId: NEW.id, joinedMethod: 'Created' } }),
    rules: ['Forwarded'],
  },
  { what: 'an account has left', event: trail('AccountDepartedOrganization', { serviceEventDetails: { accountId: NEW.id } }), rules: [] },
  { what: 'an account was moved', event: trail('MoveAccount', { requestParameters: moved }), rules: ['AccountMoved', 'Forwarded'] },
  {
    what: 'an account was not moved because of an error',
    event: trail('MoveAccount', { requestParameters: moved, errorCode: 'DestinationParentNotFoundException' }),
    rules: ['Forwarded'],
  },
  { what: 'another service has a MoveAccount', event: trail('MoveAccount', { service: 'example', requestParameters: moved }), rules: [] },
  ...(['Create', 'Update'] as const).flatMap((verb): Candidate[] => {
    const [name, status] = [`${verb}ManagedAccount`, `${verb.toLowerCase()}ManagedAccountStatus`];
    return [
      {
        what: `Control Tower's ${name} has succeeded`,
        event: trail(name, { service: 'controltower', serviceEventDetails: managed(status, 'SUCCEEDED') }),
        rules: [verb === 'Create' ? 'AccountEnrolled' : 'AccountUpdated'],
      },
      {
        what: `Control Tower's ${name} has failed`,
        event: trail(name, { service: 'controltower', serviceEventDetails: managed(status, 'FAILED') }),
        rules: [],
      },
      { what: `Organizations has a ${name}`, event: trail(name, { serviceEventDetails: managed(status, 'SUCCEEDED') }), rules: [] },
    ];
  }),
];

const STATES = 'aws.states';
const execution = (status: string, { input = '{}', stateMachineArn = MACHINE_ARN } = {}) => event(STATES, 'Step Functions Execution Status Change', {
  executionArn: `${stateMachineArn.replace('stateMachine', 'execution')}:1`,
  stateMachineArn,
  name: '1',
  status,
  startDate: 1_795_521_600_000,
  stopDate: status === 'RUNNING' ? null : 1_795_521_700_000,
  input,
  output: null,
});

const executions: Candidate[] = [
  ...['SUCCEEDED', 'FAILED', 'TIMED_OUT'].map((status): Candidate => ({
    what: `a sweep has ${status}`, event: execution(status), rules: ['Completed'],
  })),
  { what: 'a run for an account has SUCCEEDED', event: execution('SUCCEEDED', { input: `{"accountIds":["${NEW.id}"]}` }), rules: ['Completed'] },
  { what: 'a run that waits has SUCCEEDED', event: execution('SUCCEEDED', { input: '{"afterSeconds":60}' }), rules: [] },
  { what: 'a sweep was stopped', event: execution('ABORTED'), rules: [] },
  { what: 'a sweep begins', event: execution('RUNNING'), rules: [] },
  { what: 'an execution of another machine has SUCCEEDED', event: execution('SUCCEEDED', { stateMachineArn: `${MACHINE_ARN}2` }), rules: [] },
];

export const CANDIDATES: readonly Candidate[] = [...stacks, ...accounts, ...executions];
