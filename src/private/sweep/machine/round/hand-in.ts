import { first } from '../lists';
import { ACCOUNTS_PER_ROUND } from '../tuning';

/**
 * The input of the branches: a Distributed Map in a branch cannot use the variables of the execution. Not the whole queue, because all of it, with the
 * accounts to try again by name, may take more than 256 KiB.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 */
export const ROUND_INPUT = `{
  'accounts': ${first('$queue', ACCOUNTS_PER_ROUND)},
  'queued': $count($queue),
  'position': $position,
  'own': $own,
  'rates': $rates
}`;
