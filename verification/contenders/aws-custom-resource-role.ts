import { SingletonFunction } from 'aws-cdk-lib/aws-lambda';
import { Logging } from 'aws-cdk-lib/custom-resources';
import { contender as withPolicy, declareWith } from './aws-custom-resource';
import { Contender } from './contender';
import { sharedRoleOf } from './role';

/** At its best: one role for all and no policy of its own for any, which holds the most contacts, the SDK's patience, and nothing personal in the logs. */
export const contender: Contender = {
  ...withPolicy,
  declare(stack, contact) {
    const resource = declareWith({ role: sharedRoleOf(stack) }, stack, contact, Logging.withDataHidden());
    // No property gives the function more than the SDK's three attempts, but every SDK reads this variable. The SDK's own budget ends near 100.
    (resource.node.findChild('Provider') as SingletonFunction).addEnvironment('AWS_MAX_ATTEMPTS', '100');
  },
};
