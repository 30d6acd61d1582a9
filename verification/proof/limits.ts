/**
 * The limits that docs/limits.md names: CloudFormation gives no handler the means to do better. Each rule checks what happened to this contact, so that a
 * limit that befell one contact does not explain the breach at another.
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

/** Whether an event of this contact that meets the condition has set its present values. */
type SetBy = (condition: (request: ContactEvent) => boolean) => boolean;

const RULES: { readonly [limit in KnownLimit]: (broken: BrokenContact, deployment: Deployment, setBy: SetBy) => boolean } = {
  // A stack that stops declaring a contact deletes it although another stack declares it, because its Delete asks only the stacks of its own tree.
  'declared in two stacks': ({ breach, key }, { elsewhere, after, requests }) => breach === 'lost' && elsewhere.has(key) && !after.has(key)
    && requests.some(request => request.key === key && request.requestType === 'Delete'),
  'cancelled while under way': (_, __, setBy) => setBy(request => request.isCancelled),
  'delivered again': (_, { succeeded }, setBy) => !succeeded && setBy(request => request.isRepeated),
  // The rollback deletes the new resource. The old one has not changed, so the rollback does not set the old values again.
  'new resource and values, rolled back': ({ breach, key }, { succeeded, before }, setBy) =>
    !succeeded && breach === 'wrong values' && before.has(key) && setBy(request => request.isNew),
  // Reads did not show yet whether the Create took a contact over, so the rollback keeps or deletes the wrong one.
  'changed just before': ({ breach, key }, { succeeded, before, unsettled, requests }, setBy) =>
    !succeeded && !before.has(key) && unsettled.has(key)
    && (setBy(request => request.isNew) || (breach === 'lost' && requests.some(request => request.key === key && request.isNew))),
  // A contact that another resource of the stack has just left looks like a foreign one, which the Update must not overwrite.
  'swapped without overwriting': ({ breach, key }, { succeeded, before, after, requests }) => !succeeded && breach === 'failed without cause'
    && before.has(key) && after.get(key)?.overwriteExisting === false
    && requests.some(request => request.key === key && request.requestType === 'Update' && request.isNew && request.isRefused),
  // A role allows to ask nested stacks only if its template has some. So it is denied when the first one is added or the last one goes.
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
