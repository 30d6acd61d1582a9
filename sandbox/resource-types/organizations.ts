import { type Made, optionFor, type ResourceType } from '../cloudformation/resource';
import type { Organization } from '../organizations/organization';

export function account(organization: Organization): ResourceType {
  const made = (physicalId: string): Made => ({ physicalId, attributes: { AccountId: physicalId, Status: 'ACTIVE' } });
  return {
    create: async change => made(organization.createAccount(optionFor(change.accountIds, change))),
    update: async ({ physicalId }) => made(String(physicalId)),
    delete: async ({ physicalId }) => {
      organization.close(String(physicalId));
    },
  };
}
