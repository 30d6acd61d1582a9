import type { SdkError } from '../../lambda/sdk-error';

/** An error as the SDK throws it: with a status if the service answered, with a code if the connection failed. */
export function sdkError(name: string, { status, code, message = 'no' }: { status?: number; code?: string; message?: string } = {}): SdkError {
  return Object.assign(new Error(message), { name, code, $metadata: { httpStatusCode: status } });
}
