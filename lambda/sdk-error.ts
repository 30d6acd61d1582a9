/** What the AWS SDK says about a call that failed. Any of it may be missing. */
export interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  /** The fields that a validation refused. */
  readonly fieldList?: { readonly name?: string }[];
}

/** Whether the service answered that it did not do it. After a 5xx or a lost connection the outcome is unknown. */
export function isRefusal(error: SdkError): boolean {
  const status = statusOf(error);
  return status >= 400 && status < 500;
}

/** Whether a request quota refused the call: services name that differently, and an unknown name may come with the status. */
export function isThrottled(error: SdkError): boolean {
  return /Throttl|TooManyRequests|RequestLimitExceeded/.test(error.name) || statusOf(error) === 429;
}

/** Whether the service failed. */
export function isInternal(error: SdkError): boolean {
  return statusOf(error) >= 500;
}

/** Whether the connection failed, or the service did not answer in time. */
export function isUnanswered(error: SdkError): boolean {
  const isLost = error.code !== undefined || /^(Abort|Timeout)Error$/.test(error.name);
  return isLost && !isRefusal(error);
}

/** Whether the certificate of the host was refused, which never passes by itself. */
export function isUntrusted({ code = '' }: SdkError): boolean {
  return /CERT|SIGNATURE/.test(code);
}

function statusOf({ $metadata }: SdkError): number {
  return $metadata?.httpStatusCode ?? 0;
}
