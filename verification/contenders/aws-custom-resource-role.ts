import { SingletonFunction } from 'aws-cdk-lib/aws-lambda';
import { Logging } from 'aws-cdk-lib/custom-resources';
import { contender as withPolicy, declareWith } from './aws-custom-resource';
import { Contender } from './contender';
import { sharedRoleOf } from './hand-written-parts';

/** At its best: one role for all contacts and no policy per contact, which leaves room for the most contacts; many attempts; nothing personal in the logs. */
export const contender: Contender = {
  ...withPolicy,
  declare(stack, contact) {
    const resource = declareWith({ role: sharedRoleOf(stack) }, stack, contact, Logging.withDataHidden());
    // No property raises the SDK's three attempts, but every SDK reads this variable. The SDK's retry budget ends near 100.
    (resource.node.findChild('Provider') as SingletonFunction).addEnvironment('AWS_MAX_ATTEMPTS', '100');
  },
};
