/** An accepted finding of cdk-nag, with the reason. */
export interface Acknowledged {
  /** The rule, followed by the finding in brackets if a rule has several per resource. */
  readonly rules: string[];
  /** The paths of the constructs. Those in the stack set's template, which is passed as text, end in logical ids. */
  readonly paths: string[];
  readonly reason: string;
}

const NAMED_ACCOUNTS = 'Contacts/Custom::AlternateContactProvider';
const VENDING = 'AccountVending/Custom::AlternateContactProvider';
const STACK_SET = 'StackSetTemplate/Template/CustomAlternateContactProvider';

const ROLES = [`${NAMED_ACCOUNTS}/Role/Resource`, `${VENDING}/Role/Resource`, `${STACK_SET}Role71ED7E0B`];
const FUNCTIONS = [`${NAMED_ACCOUNTS}/Function/Resource`, `${VENDING}/Function/Resource`, `${STACK_SET}Function33A5323F`];
const LOG_GROUPS = [`${NAMED_ACCOUNTS}/LogGroup/Resource`, `${VENDING}/LogGroup/Resource`, `${STACK_SET}LogGroup68B0EEE3`];

const SWEEP = 'OrganizationContacts/Contacts';
const EVENTS = 'OrganizationEvents/Forwarder/Rule';

/** All accepted findings. A finding that is not listed fails the judge, and so does an entry without a finding. */
export const ACKNOWLEDGED: Acknowledged[] = [
  {
    rules: ['AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:account::*:account/o-*/*]'],
    paths: ROLES,
    reason: 'Only DeleteAlternateContact. CloudFormation first removes the permissions of a contact that left the app, and then deletes the '
      + 'contact, so the accounts that the template still names are not enough.',
  },
  {
    rules: [
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:account::*:*/222222222222]',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:account::*:*/333333333333]',
    ],
    paths: [ROLES[0]],
    reason: 'The account is named. The ids of its organization and management account are left open, because the app does not know them. '
      + 'An account is in one organization at a time.',
  },
  {
    rules: [
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:account::*:*/<shopAccount899D9AD1.AccountId>]',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:account::*:*/<dataAccount9BBFA801.AccountId>]',
    ],
    paths: [ROLES[1]],
    reason: 'The account is named, by a reference to the resource that creates it. The rest as above.',
  },
  {
    rules: ['NIST.800.53.R5-IAMNoInlinePolicy'],
    paths: ROLES,
    reason: 'The policy must exist before the function and be deleted after it, also in a rollback. As a part of the role, it always is. '
      + 'No other role could use it.',
  },
  {
    rules: ['NIST.800.53.R5-LambdaConcurrency'],
    paths: FUNCTIONS,
    reason: 'Only CloudFormation invokes the function, once per contact of the stack. A reservation would reduce the concurrency of other '
      + 'functions, and the service has its own quota.',
  },
  {
    rules: ['NIST.800.53.R5-LambdaDLQ'],
    paths: FUNCTIONS,
    reason: 'A lost event fails the deployment, which shows it. A queue would store personal data, and the URL at which anyone may respond to '
      + 'CloudFormation.',
  },
  {
    rules: ['NIST.800.53.R5-LambdaInsideVPC'],
    paths: FUNCTIONS,
    reason: 'The function calls public endpoints of AWS and nothing inside a network. A contact must be deployable without a VPC.',
  },
  {
    rules: ['NIST.800.53.R5-CloudWatchLogGroupEncrypted'],
    paths: LOG_GROUPS,
    reason: 'CloudWatch Logs encrypts every log group, and nothing personal is logged. Users who need their own key pass '
      + 'a log group to the provider.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::*]'],
    paths: [`${SWEEP}/Role/DefaultPolicy/Resource`],
    reason: 'ListAccounts of Organizations takes no resource, nor do the actions for log delivery that Step Functions needs.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:organizations::*:account/o-*/*]'],
    paths: [`${SWEEP}/Role/DefaultPolicy/Resource`],
    reason: 'Only DescribeAccount, for all accounts of an organization whose id and management account the app does not know.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:account::*:account/o-*/*]'],
    paths: [`${SWEEP}/Role/DefaultPolicy/Resource`],
    reason: 'Get and Put of the declared types, for all accounts of an organization whose id and management account the app does not know. '
      + 'Nothing deletes.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:eu-west-1:111111111111:execution:<ContactsStateMachineBE8E342E.Name>:*]'],
    paths: [`${SWEEP}/StateMachinePolicy/Resource`],
    reason: 'The executions of the state machine itself: a sweep stops an older one.',
  },
  {
    rules: ['AwsSolutions-SF1'],
    paths: [`${SWEEP}/StateMachine/Resource`],
    reason: 'A level below FATAL logs the causes of failed calls, and those of the service repeat personal data. FATAL logs what fails an execution.',
  },
  {
    rules: ['AwsSolutions-SF2'],
    paths: [`${SWEEP}/StateMachine/Resource`],
    reason: 'The history and the counters of an execution show more than traces of four kinds of calls. '
      + 'Tracing needs permissions for every resource.',
  },
  {
    rules: ['NIST.800.53.R5-CloudWatchLogGroupEncrypted'],
    paths: [`${SWEEP}/LogGroup/Resource`],
    reason: 'CloudWatch Logs encrypts every log group, and nothing personal is logged. Users who need their own key set encryptionKey.',
  },
  {
    rules: ['NIST.800.53.R5-IAMNoInlinePolicy'],
    paths: [
      `${SWEEP}/Role/DefaultPolicy/Resource`, `${SWEEP}/StateMachinePolicy/Resource`, `${SWEEP}/StateMachine/EventsRole/DefaultPolicy/Resource`,
      `${SWEEP}/ScheduleRole/DefaultPolicy/Resource`, `${EVENTS}/EventsRole/DefaultPolicy/Resource`,
    ],
    reason: 'Each names one state machine or bus, and belongs to one role, which only its service assumes.',
  },
];
