import type { AccountApi, Api } from './api';
import { VALUES } from './contacts';
import type { Integration } from '../core/integration';
import { ServiceError } from '../core/service-error';

const KEY = ['AccountId', 'AlternateContactType'];

/** The errors that the service's model declares, and a lost connection. The SDK gives every other error the service's general name. */
const KNOWN = [
  'AccessDeniedException', 'InternalServerException', 'ResourceNotFoundException', 'TooManyRequestsException', 'ValidationException',
  'SdkClientException',
];

/** Account Management's alternate contacts, as state machines call them. */
export function accountManagement(api: AccountApi): Integration {
  const calls: Record<string, Api> = { getAlternateContact: 'Get', putAlternateContact: 'Put', deleteAlternateContact: 'Delete' };
  return {
    service: 'account',
    actions: {
      getAlternateContact: KEY,
      putAlternateContact: [...KEY, ...VALUES],
      deleteAlternateContact: KEY,
    },
    call: async (action, input, caller) => {
      try {
        return await api.call(caller, calls[action], input as Record<string, string>) ?? {};
      } catch (reason) {
        throw reason instanceof ServiceError && !KNOWN.includes(reason.name)
          ? new ServiceError('AccountException', reason.message, reason.status) : reason;
      }
    },
  };
}
