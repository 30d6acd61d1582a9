/* eslint-disable @typescript-eslint/no-require-imports -- only what is measured may be loaded, when it is measured */
/**
 * One synthesis in a fresh process: `node synthesis-child.js <contender> <contacts> <outdir> [options as JSON]`. Prints what it took.
 */
import { App, Stack } from 'aws-cdk-lib';
import { ACCOUNT, type Contender, type ContenderId, load, REGION, sampleContact } from '../contenders/contender';

export interface SynthesisOptions {
  /** The app does not say which account it is for. */
  readonly agnostic?: boolean;
  /** The number of the first contact. */
  readonly first?: number;
  readonly contactsPerAccount?: number;
  /** Other values than those of the edition 0. */
  readonly edition?: number;
}

export interface Synthesis {
  /** From the start of the process until the libraries are loaded. */
  readonly loadMs: number;
  readonly constructMs: number;
  readonly synthMs: number;
  /** What the app cost the processors, whatever else ran on them. */
  readonly cpuMs: number;
  readonly maxRssBytes: number;
  readonly constructs: number;
  readonly error?: string;
}

/** What `cdk init` writes for a new app, and what the CDK's command line sets by default. */
const CONTEXT = {
  ...require('aws-cdk-lib/recommended-feature-flags.json') as Record<string, unknown>,
  'aws:cdk:version-reporting': true,
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
};

export function synthesize(
  contender: Contender, contacts: number, outdir: string, options: SynthesisOptions = {},
): Omit<Synthesis, 'loadMs' | 'maxRssBytes'> {
  const begun = performance.now();
  const before = process.cpuUsage();
  const app = new App({ outdir, context: CONTEXT });
  const stack = new Stack(app, 'contacts', options.agnostic ? {} : { env: { account: ACCOUNT, region: REGION } });
  const { first = 0, contactsPerAccount, edition } = options;
  for (let index = first; index < first + contacts; index += 1) { contender.declare(stack, sampleContact(index, contactsPerAccount, edition)); }
  const constructed = performance.now();
  app.synth();
  const synthMs = performance.now() - constructed;
  const { user, system } = process.cpuUsage(before);
  return { constructMs: constructed - begun, synthMs, cpuMs: (user + system) / 1000, constructs: stack.node.findAll().length };
}

if (require.main === module) {
  const [id, contacts, outdir, options = '{}'] = process.argv.slice(2);
  const contender = load(id as ContenderId);
  // aws-cdk-lib loads its modules when they are first named: a stack of one contact loads them all.
  const loadMs = performance.now();
  let result: Partial<Synthesis>;
  try {
    result = synthesize(contender, Number(contacts), outdir, JSON.parse(options) as SynthesisOptions);
  } catch (error) {
    result = { error: (error as Error).message };
  }
  process.stdout.write(JSON.stringify({ loadMs, ...result, maxRssBytes: process.resourceUsage().maxRSS * 1024 }));
}
