import { type States, states } from '../asl';
import { decideAboutAccounts } from './decide';
import { handOver } from './hand-over';
import { lookUpAccounts } from './look-up';
import { probeAccess } from './probe';
import { readOrder } from './read';

/*
 * The child that lists accounts and decides which contacts each of them should have. It is an EXPRESS execution, because Organizations returns the
 * e-mail address of each account too, and an EXPRESS execution keeps no history. It returns ids only.
 *
 * | variable                       | meaning                                                                                   |
 * |--------------------------------|-------------------------------------------------------------------------------------------|
 * | declared, rules                | the rules, as a list and by target                                                        |
 * | order                          | the input, without the ids                                                                |
 * | ids                            | the named accounts that are not looked up yet; null if all accounts are listed            |
 * | token, more                    | where ListAccounts continues; whether accounts are left                                   |
 * | requests, began                | the requests so far; when the child began                                                 |
 * | decisions                      | those about the accounts of the last request                                              |
 * | toSet, failures                | what all requests have found so far, like notActive, leftAlone and managementAccount      |
 * | checkAccess, members           | whether the probe goes on; the members that it asks next                                  |
 * | refusals, isToldWhy            | how many members have refused; whether one has said that trusted access is missing        |
 * | trouble                        | the problem to report                                                                     |
 */

/** What the child needs to know at synthesis. */
export interface ListOptions {
  readonly partition: string;
  /** The default and the overrides, such as `ou-ab12-11111111 -.3.-`. */
  readonly rules: readonly string[];
  /** Whether a rule names an organizational unit or a root, so that it matters where an account is. */
  readonly needsPaths: boolean;
  /** A type that is declared, so that the role may read it. */
  readonly alternateContactType: string;
}

/** Lists accounts until there are enough of them. Returns what to do with them, and where to continue. */
export function listAccounts({ partition, rules, needsPaths, alternateContactType }: ListOptions): States {
  return states('Read the overrides', {
    ...readOrder(rules),
    ...lookUpAccounts(partition),
    ...decideAboutAccounts(needsPaths),
    ...probeAccess(partition, alternateContactType),
    ...handOver(),
  });
}
