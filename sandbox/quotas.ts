import type { Api } from './account-api';
import type { Clock } from './clock';

interface Bucket {
  /** Tokens a sandbox second. */
  readonly rate: number;
  /** The most tokens the bucket holds; it starts full. */
  readonly burst: number;
}

/** `documented` are the documented quotas of the aws partition, `documented-china` those of aws-cn. */
export type Quotas = { put: Bucket; get: Bucket; delete: Bucket } | 'documented' | 'documented-china' | 'none';

const DOCUMENTED = {
  'documented': { put: { rate: 5, burst: 8 }, get: { rate: 10, burst: 15 }, delete: { rate: 1, burst: 6 } },
  'documented-china': { put: { rate: 1, burst: 6 }, get: { rate: 3, burst: 5 }, delete: { rate: 1, burst: 6 } },
};

/**
 * Token buckets, one an API and holder. The documents say "per account"; Terraform's users are throttled above 36 accounts from
 * one caller, so the holder is the caller's organization. A refused request takes no token.
 */
export class QuotaBuckets {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  constructor(private readonly clock: Clock, private readonly quotas: Quotas) {}

  take(holder: string, api: Api): boolean {
    if (this.quotas === 'none') {
      return true;
    }
    const quotas = typeof this.quotas === 'string' ? DOCUMENTED[this.quotas] : this.quotas;
    const { rate, burst } = quotas[api.toLowerCase() as keyof typeof quotas];
    const key = `${holder}/${api}`;
    const now = this.clock.now();
    const bucket = this.buckets.get(key) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / 1000 * rate);
    const granted = tokens >= 1;
    this.buckets.set(key, { tokens: granted ? tokens - 1 : tokens, at: now });
    return granted;
  }
}
