/**
 * What the README's limits name: CloudFormation gives no handler the means to do better. Each rule looks at what happened to this very contact, so
 * that the misfortune of one contact excuses no other.
 */
import { Breach, Declared, Deployment, ContactEvent } from './deployment';

export type KnownLimit = typeof KNOWN_LIMITS[number];
export const KNOWN_LIMITS = ['declared in two stacks', 'cancelled while under way', 'delivered again', 'new resource and values, rolled back', 'changed just before', 'first or last nested stack',
  'swapped without overwriting'] as const;

/** A breach at one contact. */
export interface BrokenContact {
  readonly breach: Breach;
  readonly key: string;
  /** The name that is on the account now. */
  readonly is?: string;
}

/** What is on the account was set by an event of this contact. */
type SetBy = (condition: (request: ContactEvent) => boolean) => boolean;

const RULES: { readonly [limit in KnownLimit]: (broken: BrokenContact, deployment: Deployment, setBy: SetBy) => boolean } = {
  // The stack that goes deletes what another one declares, too: its Delete asks its own tree only.
  'declared in two stacks': ({ breach, key }, { elsewhere, after, requests }) => breach === 'lost' && elsewhere.has(key) && !after.has(key)
    && requests.some(request => request.key === key && request.requestType === 'Delete'),
  'cancelled while under way': (_, __, setBy) => setBy(request => request.isCancelled),
  'delivered again': (_, { succeeded }, setBy) => !succeeded && setBy(request => request.isRepeated),
  // The rollback deletes the new resource, and finds the old one as it always was: nobody sets the old values again.
  'new resource and values, rolled back': ({ breach, key }, { succeeded, before }, setBy) =>
    !succeeded && breach === 'wrong values' && before.has(key) && setBy(request => request.isNew),
  // Reads were behind, and did not show whether the Create took something over: the rollback keeps or deletes what it should not.
  'changed just before': ({ breach, key }, { succeeded, before, unsettled, requests }, setBy) =>
    !succeeded && !before.has(key) && unsettled.has(key)
    && (setBy(request => request.isNew) || (breach === 'lost' && requests.some(request => request.key === key && request.isNew))),
  // What a resource of the stack has just left looks like anybody's: an Update to that account must not overwrite it.
  'swapped without overwriting': ({ breach, key }, { succeeded, before, after, requests }) => !succeeded && breach === 'failed without cause'
    && before.has(key) && after.get(key)?.overwriteExisting === false
    && requests.some(request => request.key === key && request.requestType === 'Update' && request.isNew && request.isRefused),
  // A role allows to ask nested stacks only where its own template has some: not when the first is added or the last one goes.
  'first or last nested stack': ({ breach, key }, { before, after, requests }) => hasNested(before) !== hasNested(after)
    && requests.some(request => request.key === key && request.isDenied
      && (request.requestType === 'Delete' ? ['orphaned', 'left behind'] : ['failed without cause']).includes(breach)),
};

function hasNested(declared: Declared): boolean {
  return [...declared.values()].some(({ nest }) => nest !== undefined);
}

/** The limit that explains a breach, if one does. */
export function knownLimitOf(broken: BrokenContact, deployment: Deployment): KnownLimit | undefined {
  const setBy: SetBy = condition => ['left behind', 'wrong values'].includes(broken.breach)
    && deployment.requests.some(request => request.key === broken.key && request.name === broken.is && request.requestType !== 'Delete' && condition(request));
  return KNOWN_LIMITS.find(limit => RULES[limit](broken, deployment, setBy));
}
