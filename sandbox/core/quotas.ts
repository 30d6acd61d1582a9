import type { Clock } from './clock';

interface Bucket {
  /** Tokens per sandbox second. */
  readonly rate: number;
  /** The most tokens that the bucket holds. It starts full. */
  readonly burst: number;
}

export interface QuotaOptions {
  /** Request rates of Account Management. @default 'none' */
  readonly quotas?: Quotas;
  /** Request rates of CloudFormation. @default - 'inferred', but 'none' if `quotas` is */
  readonly cloudFormationQuotas?: CloudFormationQuotas;
  /** Whether a throttled request empties the bucket. AWS does not document it. @default false */
  readonly refusedTakesToken?: boolean;
}

/** `documented` are the documented quotas of the aws partition, `documented-china` those of aws-cn. */
export type Quotas = { put: Bucket; get: Bucket; delete: Bucket } | 'documented' | 'documented-china' | 'none';

/** AWS documents no rates. `inferred` are rates that users have measured, or lower ones. An action without a bucket is not throttled. */
type CloudFormationQuotas = { describeStacks?: Bucket; listStackResources?: Bucket } | 'inferred' | 'none';

export const DOCUMENTED = {
  'documented': { put: { rate: 5, burst: 8 }, get: { rate: 10, burst: 15 }, delete: { rate: 1, burst: 6 } },
  'documented-china': { put: { rate: 1, burst: 6 }, get: { rate: 3, burst: 5 }, delete: { rate: 1, burst: 6 } },
  'none': undefined,
};

/** DescribeStacks: a user of the SAM CLI reports 5 per second (aws-sam-cli #2671). ListStackResources is assumed to allow no more. */
export const INFERRED = { describeStacks: { rate: 5, burst: 5 }, listStackResources: { rate: 5, burst: 5 } };

/** The buckets of Account Management. */
export function accountBuckets(clock: Clock, { quotas = 'none', refusedTakesToken = false }: QuotaOptions): TokenBuckets {
  const buckets = typeof quotas === 'string' ? DOCUMENTED[quotas] : quotas;
  return new TokenBuckets(clock, {
    PutAlternateContact: buckets?.put, GetAlternateContact: buckets?.get, DeleteAlternateContact: buckets?.delete,
  }, refusedTakesToken);
}

/** The buckets of CloudFormation. */
export function cloudFormationBuckets(clock: Clock, options: QuotaOptions): TokenBuckets {
  const { quotas = 'none', refusedTakesToken = false } = options;
  const chosen = options.cloudFormationQuotas ?? (quotas === 'none' ? 'none' : 'inferred');
  const buckets = chosen === 'inferred' ? INFERRED : chosen === 'none' ? undefined : chosen;
  return new TokenBuckets(clock, { DescribeStacks: buckets?.describeStacks, ListStackResources: buckets?.listStackResources }, refusedTakesToken);
}

/** Token buckets, one per action and holder. */
export class TokenBuckets {
  private readonly levels = new Map<string, { tokens: number; at: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly buckets: Record<string, Bucket | undefined>,
    private readonly refusedTakesToken: boolean,
  ) {}

  /** Takes a token. Returns false if there is none. */
  take(holder: string, action: string): boolean {
    const bucket = this.buckets[action];
    if (!bucket) {
      return true;
    }
    const { rate, burst } = bucket;
    const key = `${holder}/${action}`;
    const now = this.clock.now();
    const level = this.levels.get(key) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, level.tokens + (now - level.at) / 1000 * rate);
    const granted = tokens >= 1;
    this.levels.set(key, { tokens: granted ? tokens - 1 : this.refusedTakesToken ? 0 : tokens, at: now });
    return granted;
  }
}
