import { setTimeout as sleep } from 'node:timers/promises';
import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { TestStateCommand } from '@aws-sdk/client-sfn';
import type { CheckResult } from './checks';
import { Aws, stepFunctions } from './clients';
import { clean, resourcesOf, statusOf, TAG } from './stacks';

const STACK_NAME = 'cdk-alternate-contact-try-role';
/** The logical id of the role in it. */
const ROLE = 'Role';

/** What the role may do: a sweep reads the same. */
const ACTIONS = ['organizations:ListAccounts', 'organizations:DescribeAccount', 'account:GetAlternateContact', 'states:ListExecutions'];

/** How long a new role may be unknown, in seconds. */
const PROPAGATION = 60;

export interface RoleOptions {
  /** The ARN of a role. @default - one is created, and deleted at the end */
  readonly role?: string;
  /** Seconds between two looks. @default 5 */
  readonly pause?: number;
}

/** Has Step Functions itself call the services that a sweep reads, and reports which members come. */
export async function askWithRole(aws: Aws, report: (result: CheckResult) => void, { role, pause = 5 }: RoleOptions): Promise<void> {
  try {
    report(await readMembers(aws, role ?? await createRole(aws, pause), pause));
  } finally {
    if (!role) { await clean(aws, () => undefined, pause); }
  }
}

/** The state that a sweep lists the accounts with, alone. */
export function listState(partition: string): string {
  return JSON.stringify({
    QueryLanguage: 'JSONata',
    Type: 'Task',
    Resource: `arn:${partition}:states:::aws-sdk:organizations:listAccounts`,
    Arguments: { MaxResults: 1 },
    // Names, not values: the list holds the e-mail addresses of the owners.
    Output: '{% $keys($states.result.Accounts[0]) %}',
    End: true,
  });
}

async function readMembers(aws: Aws, roleArn: string, pause: number): Promise<CheckResult> {
  const client = stepFunctions(aws);
  const until = Date.now() + PROPAGATION * 1_000;
  for (;;) {
    const { status, output, error = '' } = await client.send(new TestStateCommand({ definition: listState(aws.partition), roleArn, input: '{}' }))
      // The role itself may not be known yet.
      .catch((refusal: Error) => ({ status: 'FAILED', output: undefined, error: refusal.name }));
    if (status === 'SUCCEEDED') { return membersIn(JSON.parse(output ?? '[]') as string[]); }
    if (/NotInUse/.test(error)) { return { check: 'read-members', answer: 'the account is in no organization', differences: [], isUndecided: true }; }
    if (!/AccessDenied|InvalidArn|ValidationException/.test(error) || Date.now() >= until) {
      return { check: 'read-members', answer: error, differences: [`the list failed with ${error}`] };
    }
    await sleep(pause * 1_000);
  }
}

function membersIn(members: string[]): CheckResult {
  const missing = ['State', 'Paths'].filter(member => !members.includes(member));
  return { check: 'read-members', answer: members.sort().join(', '), differences: missing.map(member => `an account has no ${member}`) };
}

async function createRole(aws: Aws, pause: number): Promise<string> {
  const template = {
    Resources: {
      [ROLE]: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }],
          },
          Policies: [{
            PolicyName: 'Read',
            PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ACTIONS, Resource: '*' }] },
          }],
        },
      },
    },
  };
  await aws.cloudFormation.send(new CreateStackCommand({
    StackName: STACK_NAME,
    TemplateBody: JSON.stringify(template),
    Capabilities: ['CAPABILITY_IAM'],
    Tags: [{ Key: TAG, Value: 'role' }],
    OnFailure: 'DELETE',
  }));
  for (;;) {
    const status = await statusOf(aws, STACK_NAME);
    if (status === 'CREATE_COMPLETE') { break; }
    if (!status?.endsWith('_IN_PROGRESS')) { throw new Error(`The role could not be created: its stack is ${status ?? 'gone'}`); }
    await sleep(pause * 1_000);
  }
  const [role] = (await resourcesOf(aws, STACK_NAME)).filter(({ LogicalResourceId }) => LogicalResourceId === ROLE);
  return `arn:${aws.partition}:iam::${aws.accountId}:role/${role.PhysicalResourceId}`;
}
