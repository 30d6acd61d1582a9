import { ACCOUNT_MANAGEMENT, IAM, LAMBDA, ORGANIZATIONS } from './accounts';
import type { Assumption } from './assumption';
import { CLOUDFORMATION } from './cloudformation';
import { EVENTBRIDGE, STEP_FUNCTIONS } from './step-functions';

export type { Assumption } from './assumption';

/** Every assumption, by the service that it is about. */
export const ASSUMPTIONS: { readonly [service: string]: readonly Assumption[] } = {
  'CloudFormation': CLOUDFORMATION,
  'Account Management': ACCOUNT_MANAGEMENT,
  'Organizations': ORGANIZATIONS,
  'IAM': IAM,
  'Lambda': LAMBDA,
  'Step Functions': STEP_FUNCTIONS,
  'EventBridge and Scheduler': EVENTBRIDGE,
};
