import type { AccountClient } from '@aws-sdk/client-account';
import type { CloudFormation } from '@aws-sdk/client-cloudformation';

/** Watches which host a client calls, because few errors of a connection name it. Returns a function that returns the last one. */
export function watchHost({ middlewareStack }: Pick<AccountClient, 'middlewareStack'> | Pick<CloudFormation, 'middlewareStack'>): () => string {
  let host = '';
  (middlewareStack as AccountClient['middlewareStack']).add(next => args => {
    host = (args.request as { hostname: string }).hostname;
    return next(args);
  }, { step: 'build' });
  return () => host;
}
