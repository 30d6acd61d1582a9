import type { CheckId } from '../checks';

/** A behaviour of AWS that no document of AWS states, and that something here takes for granted. */
export interface Assumption {
  /** Stands in comments, too, and is never given to another assumption. */
  readonly id: `A-${number}`;
  readonly assumed: string;
  /** Who relies on it: what users deploy, or only the sandbox, whose tests would then prove less. */
  readonly by: 'library' | 'sandbox';
  /** What happens where it does not hold. */
  readonly otherwise: string;
  /** The check of `npx projen try:aws` that decides it, or why none does. */
  readonly decidedBy: CheckId | { readonly nothing: string };
}

/** Reasons that several assumptions share. */
export const NEEDS_FAULT = { nothing: 'AWS would have to fail at the right moment' };
export const NEEDS_CLOSED_ACCOUNT = { nothing: 'an account would have to be closed, which takes 90 days to undo' };
export const NEEDS_ORGANIZATION = { nothing: 'it needs an organization whose contacts may be changed' };
export const NEEDS_SCALE = { nothing: 'it needs thousands of accounts' };
export const HARMLESS = { nothing: 'the library does the same either way' };
