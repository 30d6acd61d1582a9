import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

/** How long CloudFormation waits for a response by default, in seconds. */
const DEFAULT_SERVICE_TIMEOUT = 3_600;

/**
 * Returns when CloudFormation sent the event, in milliseconds since 1970, or undefined if the response's URL does not say so. CloudFormation signs the
 * URL with a date; other engines don't.
 */
export function sentAtOf({ ResponseURL }: CloudFormationCustomResourceEvent): number | undefined {
  const date = /[?&]X-Amz-Date=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(ResponseURL)?.slice(1).map(Number);
  return date && Date.UTC(date[0], date[1] - 1, ...date.slice(2));
}

/**
 * Returns for how many more milliseconds CloudFormation waits for the response. Where too few functions may run, an event can wait in Lambda's queue
 * until CloudFormation has given up on it and rolled back.
 */
export function awaitedFor(event: CloudFormationCustomResourceEvent): number {
  const sentAt = sentAtOf(event);
  return sentAt === undefined ? Infinity : sentAt + 1_000 * Number(event.ResourceProperties.ServiceTimeout ?? DEFAULT_SERVICE_TIMEOUT) - Date.now();
}
