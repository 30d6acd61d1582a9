/**
 * Synthesizes one stack: `node synthesis-child.js <contender> <contacts> <outdir> [options as JSON]`. Prints its costs as JSON. Each synthesis that is
 * timed has a new process.
 */
import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { ACCOUNT, type ContenderId, load, REGION, sampleContact } from '../contenders/contender';

export interface SynthesisOptions {
  /** Whether the app leaves its account open. */
  readonly isAgnostic?: boolean;
  /** The number of the first contact. */
  readonly first?: number;
  readonly contactsPerAccount?: number;
  /** Each edition has other values. */
  readonly edition?: number;
}

export interface Synthesis {
  /** The app itself, constructs and `app.synth()`: time that passed, and time of the processor, which other programs disturb least. */
  readonly appMs: number;
  readonly cpuMs: number;
  readonly constructs: number;
  readonly refusal?: undefined;
}

/** A new app as `cdk init` and the CDK CLI set it up. */
const CONTEXT = {
  ...JSON.parse(readFileSync(require.resolve('aws-cdk-lib/recommended-feature-flags.json'), 'utf8')) as Record<string, unknown>,
  'aws:cdk:version-reporting': true,
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
};

function synthesize(id: ContenderId, contacts: number, outdir: string, options: SynthesisOptions): Synthesis {
  const contender = load(id);
  const begun = performance.now();
  const before = process.cpuUsage();
  const app = new App({ outdir, context: CONTEXT });
  const stack = new Stack(app, 'contacts', options.isAgnostic ? {} : { env: { account: ACCOUNT, region: REGION } });
  const { first = 0, contactsPerAccount, edition } = options;
  for (let index = first; index < first + contacts; index += 1) { contender.declare(stack, sampleContact(index, contactsPerAccount, edition)); }
  app.synth();
  const { user, system } = process.cpuUsage(before);
  return { appMs: performance.now() - begun, cpuMs: (user + system) / 1000, constructs: stack.node.findAll().length };
}

const [id, contacts, outdir, options = '{}'] = process.argv.slice(2);
try {
  process.stdout.write(JSON.stringify(synthesize(id as ContenderId, Number(contacts), outdir, JSON.parse(options) as SynthesisOptions)));
} catch (error) {
  process.stdout.write(JSON.stringify({ refusal: (error as Error).message }));
}
