/** A finding of cdk-nag that stays, and why. */
export interface Acknowledged {
  /** The rule, with the finding in brackets where a rule has several a resource. */
  readonly rules: string[];
  /** The paths of the constructs. Those of the stack set's template, which is handed over as text, end in logical ids. */
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

/** The whole list. A finding that is not in it fails the judge, and so does an entry that finds nothing. */
export const ACKNOWLEDGED: Acknowledged[] = [
  {
    rules: ['AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:account::*:account/o-*/*]'],
    paths: ROLES,
    reason: 'Only DeleteAlternateContact. CloudFormation shrinks the role before it has a contact that left the app deleted, so the '
      + 'accounts that the template still names are not enough.',
  },
  {
    rules: [
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:account::*:*/222222222222]',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:account::*:*/333333333333]',
    ],
    paths: [ROLES[0]],
    reason: 'The account is named. What is left open are the ids of its organization and management account, which the app is not told; '
      + 'an account is in one organization at a time.',
  },
  {
    rules: [
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:account::*:*/<shop.AccountId>]',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:account::*:*/<data.AccountId>]',
    ],
    paths: [ROLES[1]],
    reason: 'The account is named, by a reference to the resource that creates it. The rest as above.',
  },
  {
    rules: ['NIST.800.53.R5-IAMNoInlinePolicy'],
    paths: ROLES,
    reason: 'The policy must be there before the function and go after it, also in a rollback: as a part of the role it cannot be otherwise. '
      + 'Nobody else could use it.',
  },
  {
    rules: ['NIST.800.53.R5-LambdaConcurrency'],
    paths: FUNCTIONS,
    reason: 'Only CloudFormation invokes the function, as often as the stack has contacts. A reservation would be taken from the other functions '
      + 'of the account, and the service has a quota of its own.',
  },
  {
    rules: ['NIST.800.53.R5-LambdaDLQ'],
    paths: FUNCTIONS,
    reason: 'A lost event fails the deployment, where it is seen. A queue would keep personal data, and the address at which anyone may answer '
      + 'CloudFormation.',
  },
  {
    rules: ['NIST.800.53.R5-LambdaInsideVPC'],
    paths: FUNCTIONS,
    reason: 'The function talks to public endpoints of AWS and to nothing inside a network. To deploy a contact must not need a VPC.',
  },
  {
    rules: ['NIST.800.53.R5-CloudWatchLogGroupEncrypted'],
    paths: LOG_GROUPS,
    reason: 'CloudWatch Logs encrypts every log group, and nothing personal is logged. Who needs a key of their own passes '
      + 'a log group to the provider.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::*]'],
    paths: [`${SWEEP}/Role/DefaultPolicy/Resource`],
    reason: 'ListAccounts of Organizations takes no resource, nor do the log deliveries that Step Functions asks its role for.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:organizations::*:account/o-*/*]'],
    paths: [`${SWEEP}/Role/DefaultPolicy/Resource`],
    reason: 'Only DescribeAccount, for all accounts of an organization whose id and management account the app is not told.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:account::*:account/o-*/*]'],
    paths: [`${SWEEP}/Role/DefaultPolicy/Resource`],
    reason: 'Get and Put of the declared types, for all accounts of an organization whose id and management account the app is not told. '
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
    reason: 'Below FATAL the causes of failed calls are logged, and those of the service repeat personal data. What fails an execution is logged.',
  },
  {
    rules: ['AwsSolutions-SF2'],
    paths: [`${SWEEP}/StateMachine/Resource`],
    reason: 'The history and the counters of an execution tell more than traces of four kinds of calls. '
      + 'Tracing needs permissions for every resource.',
  },
  {
    rules: ['NIST.800.53.R5-CloudWatchLogGroupEncrypted'],
    paths: [`${SWEEP}/LogGroup/Resource`],
    reason: 'CloudWatch Logs encrypts every log group, and nothing personal is logged. Who needs a key of their own gives encryptionKey.',
  },
  {
    rules: ['NIST.800.53.R5-IAMNoInlinePolicy'],
    paths: [
      `${SWEEP}/Role/DefaultPolicy/Resource`, `${SWEEP}/StateMachinePolicy/Resource`, `${SWEEP}/StateMachine/EventsRole/DefaultPolicy/Resource`,
      `${SWEEP}/ScheduleRole/DefaultPolicy/Resource`, `${EVENTS}/EventsRole/DefaultPolicy/Resource`,
    ],
    reason: 'Each names one state machine or bus, and is made for one role, which nobody else assumes.',
  },
];
