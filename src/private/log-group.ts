import { RemovalPolicy } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** How long logs are kept by default. */
export const DEFAULT_RETENTION = RetentionDays.THREE_MONTHS;

interface LogOptions {
  readonly logGroup?: ILogGroup;
  readonly logRetention?: RetentionDays;
  readonly encryptionKey?: IKey;
}

/**
 * Checks the options for logs.
 *
 * @throws Error if a log group and a retention are given
 */
export function validateLogs(path: string, { logGroup, logRetention }: LogOptions): void {
  if (logGroup && logRetention !== undefined) {
    throw new Error(`${path}: logRetention must not be combined with logGroup, which has its own retention; got ${logRetention}`);
  }
}

/** Returns the given log group, or a new one that is deleted with the stack. */
export function logGroupOf(scope: Construct, { logGroup, logRetention, encryptionKey }: LogOptions): ILogGroup {
  return logGroup ?? new LogGroup(scope, 'LogGroup', {
    retention: logRetention ?? DEFAULT_RETENTION,
    removalPolicy: RemovalPolicy.DESTROY,
    encryptionKey,
  });
}
