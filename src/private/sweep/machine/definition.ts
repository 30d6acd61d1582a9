import { type States, states } from './asl';
import { readInput } from './input';
import { stopOlderSweeps } from './older-sweeps';
import { round } from './round';
import { settle } from './settle';
import type { Declaration } from '../declaration';

/*
 * The state machine that keeps the contacts of an organization. It works in rounds: while one round sets the contacts of the accounts that are
 * queued, it lists the accounts of the next. EXPRESS children make all calls whose answers hold personal data, because an EXPRESS execution keeps no
 * history. This execution keeps its history, and sees ids, types and names of errors only.
 */

/** What the machine needs to know at synthesis. */
interface DefinitionOptions {
  readonly partition: string;
  /** Whether it sets contacts. Otherwise it only compares them. */
  readonly enforce: boolean;
  /** The share of the request quotas that a sweep uses. */
  readonly quotaShare: number;
}

/** A state machine, as its resource holds it. */
interface Definition extends States {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONata';
}

/** Builds the definition. */
export function organizationSweep(declaration: Declaration, { partition, enforce, quotaShare }: DefinitionOptions): Definition {
  return {
    Comment: 'Keeps the alternate contacts of all accounts of the organization as declared (cdk-alternate-contact)',
    QueryLanguage: 'JSONata',
    ...states('Read the input', {
      ...readInput({ partition, quotaShare }),
      ...stopOlderSweeps(partition),
      ...round({ partition, declaration, enforce }),
      ...settle(enforce),
    }),
  };
}
