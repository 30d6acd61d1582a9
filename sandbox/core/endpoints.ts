import type { IncomingHttpHeaders } from 'node:http';

interface Partition {
  readonly name: string;
  readonly regions: string;
  /** The ends of the host names of its regional endpoints: IPv4, dual-stack. */
  readonly domains: readonly string[];
  /** The region of Account Management, a global service with one endpoint per partition. */
  readonly accountRegion: string;
}

/** The partitions in the SDK's endpoint rules, without the isolated ones. */
const PARTITIONS: readonly Partition[] = [
  { name: 'aws', regions: '(?!cn-)[a-z]{2}-(?!gov-)[a-z]+-\\d', domains: ['amazonaws.com', 'api.aws'], accountRegion: 'us-east-1' },
  { name: 'aws-cn', regions: 'cn-[a-z]+-\\d', domains: ['amazonaws.com.cn', 'api.amazonwebservices.com.cn'], accountRegion: 'cn-northwest-1' },
  { name: 'aws-us-gov', regions: 'us-gov-[a-z]+-\\d', domains: ['amazonaws.com', 'api.aws'], accountRegion: 'us-gov-west-1' },
  { name: 'aws-eusc', regions: 'eusc-[a-z]+-[a-z]+-\\d', domains: ['amazonaws.eu', 'api.amazonwebservices.eu'], accountRegion: 'eusc-de-east-1' },
];

export type Service = 'account' | 'cloudformation' | 'lambda';

/** The partition that a region belongs to. */
export function partitionOf(region: string): string {
  return PARTITIONS.find(({ regions }) => new RegExp(`^${regions}$`).test(region))?.name ?? 'aws';
}

/** A regular expression of a service's host names. Its first group is the region. */
export function hostsOf(service: Service): string {
  const hosts = PARTITIONS.flatMap(({ regions, domains, accountRegion }) => domains.map(domain =>
    `${service === 'account' ? accountRegion : regions}(?=\\.${escaped(domain)}$)`));
  return `^${service}\\.(${hosts.join('|')})\\.`;
}

/** A regular expression of the S3 buckets that receive the responses to CloudFormation. */
export const RESPONSE_BUCKETS = '^cloudformation-custom-resource-response-[a-z0-9-]+\\.s3[.a-z0-9-]*\\.amazonaws\\.(com|com\\.cn|eu)$';

/** The region of a request, from its host name and its signature: `AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/aws4_request`. */
interface Scope {
  /** The region of the endpoint, or the signed one at a custom endpoint. */
  readonly region: string;
  /** AWS's error message if the signature is for another endpoint. */
  readonly trouble?: string;
}

/** Reads the scope of a request. Returns undefined if the service has no endpoint of that name, or the request is not signed. */
export function scopeOf(service: Service, headers: IncomingHttpHeaders): Scope | undefined {
  const [, signedRegion, signedService] = /Credential=[^/]+\/[^/]+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  const host = headers.host ?? '';
  const isCustom = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);
  const region = isCustom ? signedRegion : new RegExp(hostsOf(service)).exec(host)?.[1];
  if (signedRegion === undefined || region === undefined) {
    return undefined;
  }
  const trouble = signedService !== service ? `Credential should be scoped to correct service: '${service}'. `
    : signedRegion !== region ? 'Credential should be scoped to a valid region. ' : undefined;
  return { region, trouble };
}

function escaped(domain: string): string {
  return domain.replaceAll('.', '\\.');
}
