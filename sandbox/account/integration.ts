import type { AccountApi, Api } from './api';
import type { HttpReply } from '../core/http';
import { type Integration, ServiceError } from '../core/integration';

const KEY = ['AccountId', 'AlternateContactType'];

/** What the service's model declares; the SDK knows every other error only as the service's general one. */
const MODELLED = ['AccessDeniedException', 'InternalServerException', 'ResourceNotFoundException', 'TooManyRequestsException', 'ValidationException'];

/** Account Management's alternate contacts. */
export function accountManagement(api: AccountApi): Integration {
  const calls: Record<string, Api> = { getAlternateContact: 'Get', putAlternateContact: 'Put', deleteAlternateContact: 'Delete' };
  return {
    service: 'account',
    actions: {
      getAlternateContact: KEY,
      putAlternateContact: [...KEY, 'EmailAddress', 'Name', 'PhoneNumber', 'Title'],
      deleteAlternateContact: KEY,
    },
    call: async (action, input, caller) => outcome(await api.call(caller, calls[action], input as Record<string, string>)),
  };
}

function outcome(reply: HttpReply): unknown {
  if (reply === 'drop') {
    throw new ServiceError('SdkClientException', 'Unable to execute HTTP request', 0);
  }
  const body = JSON.parse(reply.body || '{}') as { message?: string };
  const error = reply.headers?.['x-amzn-errortype'];
  if (error !== undefined) {
    throw new ServiceError(MODELLED.includes(error) ? error : 'AccountException', body.message ?? '', reply.status);
  }
  return body;
}
