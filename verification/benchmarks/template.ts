import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { assemble, Assembly, inNewDirectory, Refusal } from './child';
import { line, Line } from './statistics';
import type { SynthesisOptions } from './synthesis-child';
import { ResolvedTemplate, Template } from '../../sandbox/cloudformation/template';
import { Clock } from '../../sandbox/core/clock';
import { PolicyDocument } from '../../sandbox/iam/policy';
import { Iam } from '../../sandbox/iam/service';
import { ACCOUNT, ALL, ContenderId, REGION } from '../contenders/contender';

export interface TemplateResult {
  readonly bytes: Line;
  readonly resources: Line;
  readonly functions: number;
  readonly assets: number;
  readonly assetBytes: number;
  /** The most contacts that a stack can hold, and why it cannot hold one more. A quick run does not search for them. */
  readonly most?: number;
  readonly refusal?: string;
}

export type TemplateVariant = ContenderId | 'ours-agnostic';

/** No stack can hold more resources. */
const CEILING = 500;

/** Templates do not vary from run to run: each size is made once. */
export async function measureTemplates(
  sizes: number[], isSearching: boolean, progress: (text: string) => void,
): Promise<Record<TemplateVariant, TemplateResult>> {
  const variants = [...ALL.map(id => ({ name: id as TemplateVariant, id, options: {} })), { name: 'ours-agnostic', id: 'ours', options: { isAgnostic: true } } as const];
  const results: Partial<Record<TemplateVariant, TemplateResult>> = {};
  for (const { name, id, options } of variants) {
    progress(`template: ${name}`);
    results[name] = await measure(id, sizes, isSearching, options);
  }
  return results as Record<TemplateVariant, TemplateResult>;
}

interface Size {
  readonly contacts: number;
  readonly bytes: number;
  readonly types: string[];
  readonly assetBytes: number[];
}

async function measure(id: ContenderId, sizes: number[], isSearching: boolean, options: SynthesisOptions): Promise<TemplateResult> {
  const probe = (contacts: number): Promise<Size | Refusal> => inNewDirectory(async directory => {
    const assembly = await assemble(id, contacts, directory, options);
    return 'refusal' in assembly ? assembly : refusalOf(assembly.template) ?? sizeOf(contacts, assembly);
  });
  const measured: Size[] = [];
  for (const contacts of sizes) {
    const result = await probe(contacts);
    if (!('refusal' in result)) { measured.push(result); }
  }
  return {
    bytes: line(measured.map(({ contacts, bytes }) => [contacts, bytes])),
    resources: line(measured.map(({ contacts, types }) => [contacts, types.length])),
    functions: measured[0].types.filter(type => type === 'AWS::Lambda::Function').length,
    assets: measured[0].assetBytes.length,
    assetBytes: measured[0].assetBytes.reduce((sum, bytes) => sum + bytes, 0),
    ...isSearching && await searchMost(probe),
  };
}

async function searchMost(probe: (contacts: number) => Promise<object | Refusal>): Promise<Pick<TemplateResult, 'most' | 'refusal'>> {
  let [most, tooMany] = [0, CEILING + 1];
  let refusal: string | undefined;
  while (tooMany - most > 1) {
    const contacts = Math.floor((most + tooMany) / 2);
    const result = await probe(contacts);
    if ('refusal' in result) { [tooMany, refusal] = [contacts, result.refusal]; } else { most = contacts; }
  }
  return { most, refusal };
}

function sizeOf(contacts: number, { directory, text, template }: Assembly): Size {
  return {
    contacts,
    bytes: Buffer.byteLength(text),
    types: Object.values(template.Resources ?? {}).map(({ Type }) => Type),
    assetBytes: readdirSync(directory).filter(name => name.startsWith('asset.')).map(name => bytesIn(join(directory, name))),
  };
}

/** The bytes of a file, or of all files in a directory. */
function bytesIn(path: string): number {
  return statSync(path).isFile() ? statSync(path).size : readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0);
}

/** Why AWS would refuse a template: more than 500 resources, more than 1 MB, or policies larger than IAM allows. */
function refusalOf(template: Template): Refusal | undefined {
  const clock = new Clock(1);
  const iam = new Iam(clock, 0);
  try {
    const stackId = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/contacts/00000000-0000-4000-8000-000000000000`;
    const stack = new ResolvedTemplate(template, { account: ACCOUNT, region: REGION, stackName: 'contacts', stackId, parameters: {}, importValue: () => '' });
    const ofType = (wanted: string) => [...stack.resources].filter(([, { Type }]) => Type === wanted).map(([logicalId]) => ({
      // An attribute is as long as one that CloudFormation would make up.
      logicalId, is: stack.properties(logicalId, (name, attribute) => attribute === undefined ? name : arnOf(name, stack.resources.get(name)?.Type)),
    }));
    for (const { logicalId, is } of ofType('AWS::IAM::Role')) {
      const policies = (is.Policies ?? []) as { PolicyName: string; PolicyDocument: PolicyDocument }[];
      const inline = new Map(policies.map(policy => [policy.PolicyName, policy.PolicyDocument]));
      iam.putRole(ACCOUNT, logicalId, {
        trust: is.AssumeRolePolicyDocument as PolicyDocument, inline, managedPolicyArns: (is.ManagedPolicyArns ?? []) as string[],
      });
    }
    for (const { is } of ofType('AWS::IAM::Policy')) {
      (is.Roles as string[]).forEach(role => iam.putInline(ACCOUNT, role, String(is.PolicyName), is.PolicyDocument as PolicyDocument));
    }
    for (const { logicalId, is } of ofType('AWS::IAM::ManagedPolicy')) {
      iam.putManaged(ACCOUNT, logicalId, is.PolicyDocument as PolicyDocument, (is.Roles ?? []) as string[]);
    }
    return undefined;
  } catch (error) {
    return { refusal: (error as Error).message };
  } finally {
    clock.close();
  }
}

function arnOf(logicalId: string, type = ''): string {
  return `arn:aws:${type.split('::')[1]?.toLowerCase()}:${REGION}:${ACCOUNT}:contacts-${logicalId.slice(0, 24)}-0123456789AB`;
}
