import { DOCUMENTED, INFERRED } from '../../sandbox/core/quotas';

/** What a service takes from one caller: so many requests at once, and then so many a second. */
export interface Quota {
  readonly rate: number;
  readonly burst: number;
}

/** What the quotas of a partition allow. */
export const QUOTAS = { aws: DOCUMENTED.documented, china: DOCUMENTED['documented-china'] };

/** What CloudFormation takes of ListStackResources, if it is no more than what users have found for other calls. AWS does not document it. */
export const INFERRED_LISTING: Quota = INFERRED.listStackResources;

/** More than anything here asks for, and finite, so that it can be multiplied. */
export const UNLIMITED: Quota = { rate: 1e6, burst: 1e6 };

/** The least seconds that so many requests can take: what the bucket holds goes at once. */
export function leastSeconds(requests: number, { rate, burst }: Quota): number {
  return Math.max(0, requests - burst) / rate;
}

/** As a reader knows it. */
export function textOf({ rate, burst }: Quota): string {
  return `${rate} a second, ${burst} at once`;
}
