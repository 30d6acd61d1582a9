import { AccountClient } from '@aws-sdk/client-account';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { SFNClient } from '@aws-sdk/client-sfn';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/** The account that the credentials belong to, and the clients that use them. */
export interface Aws {
  readonly accountId: string;
  readonly partition: string;
  readonly region: string;
  /** When the credentials expire. @default - never */
  readonly expiration?: Date;
  readonly account: AccountClient;
  readonly cloudFormation: CloudFormationClient;
  readonly logs: CloudWatchLogsClient;
}

/** Whether the environment names another server than AWS: what it answers is no evidence about AWS. */
export function isElsewhere(env = process.env): boolean {
  return Object.keys(env).some(name => /^AWS_ENDPOINT_URL/.test(name) && env[name]);
}

/** TestState and validations have a host name that begins with `sync-`, which another server has not. */
export function stepFunctions({ region }: Pick<Aws, 'region'>): SFNClient {
  return new SFNClient({ region, disableHostPrefix: isElsewhere() });
}

/** @returns nothing if there are no credentials */
export async function connect(region: string): Promise<Aws | undefined> {
  const sts = new STSClient({ region });
  const credentials = await sts.config.credentials().catch(() => undefined);
  if (!credentials) { return undefined; }
  const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
  if (!Account || !Arn) { throw new Error('GetCallerIdentity names no account'); }
  return {
    accountId: Account,
    partition: Arn.split(':')[1],
    region,
    expiration: credentials.expiration,
    account: new AccountClient({ region: 'us-east-1' }),
    cloudFormation: new CloudFormationClient({ region }),
    logs: new CloudWatchLogsClient({ region }),
  };
}
