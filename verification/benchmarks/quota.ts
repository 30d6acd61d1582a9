import { DOCUMENTED, INFERRED } from '../../sandbox/core/quotas';

/** A token bucket: `burst` requests at once, then `rate` per second. */
export interface Quota {
  readonly rate: number;
  readonly burst: number;
}

/** The documented quotas of each partition. */
export const QUOTAS = { aws: DOCUMENTED.documented, china: DOCUMENTED['documented-china'] };

/** AWS does not document a rate for ListStackResources. Users have measured this one for other calls. */
export const INFERRED_LISTING: Quota = INFERRED.listStackResources;

/** More than any benchmark asks for. */
export const UNLIMITED: Quota = { rate: 1e6, burst: 1e6 };

/** The least seconds that a quota allows for these requests: those that fit into the burst take no time. */
export function leastSeconds(requests: number, { rate, burst }: Quota): number {
  return Math.max(0, requests - burst) / rate;
}

/** `5 per second, 8 at once` */
export function textOf({ rate, burst }: Quota): string {
  return `${rate} per second, ${burst} at once`;
}
