/**
 * The long proof: the same sequences on this library and on what people use today, or with --alone on this library only.
 *
 *     npx projen proof [--sequences N] [--seeds 1,2,3] [--alone] [--record] [--replay JSON]
 *
 * With several seeds, each row shows the smallest and the largest count. With --record, the table goes into results.md.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Breach, BREACHES } from './deployment';
import { KNOWN_LIMITS } from './limits';
import { Sequence } from './model';
import { run } from './run';
import { positiveIntegers, Search, search, unexplained, weaknessOf } from './search';
import { alternateContact, System, systems } from './systems';
import { libraryVersion } from '../benchmarks/results';
import { Copy } from '../tools/copy';
import { manifestOf, NEWEST_CDK, npmPackages } from '../tools/packages';
import { run as runCommand } from '../tools/processes';

/** The title of each breach's row. */
const TITLES: { readonly [breach in Breach]: string } = {
  'lost': 'contacts lost',
  'missing meanwhile': 'contacts deleted and put again in one deployment',
  'left behind': 'contacts left behind',
  'orphaned': 'resources orphaned',
  'wrong values': 'contacts with wrong values',
  'touched': 'undeclared contacts touched',
  'failed without cause': 'deployments failed without cause',
  'stuck': 'stacks stuck',
  'unanswered': 'events without a response',
  'another id on Delete': 'Deletes answered with another PhysicalResourceId',
  'other protocol': 'other breaches of the protocol',
  'personal data': 'sequences with personal data in a log or a response',
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sequences: { type: 'string', default: '1000' },
      seeds: { type: 'string', default: '1' },
      replay: { type: 'string' },
      alone: { type: 'boolean', default: false },
      newest: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
    },
  });
  if (values.replay) { return replay(JSON.parse(values.replay) as Sequence); }

  const seeds = positiveIntegers('--seeds', values.seeds);
  const [numRuns, ...more] = positiveIntegers('--sequences', values.sequences);
  if (more.length > 0) { throw new Error(`--sequences must be one number; got ${values.sequences}`); }
  const written = values.alone || values.newest
    ? await prove(values.alone ? [alternateContact] : systems(), seeds, numRuns, values.alone)
    : await withNewestCdk();
  // The copy that runs with the newest CDK is removed at its end, so this process records its table.
  if (!values.record || values.newest) { return; }
  const options = `--sequences ${values.sequences} --seeds ${values.seeds}`;
  record(values.alone ? 'alone' : 'beside', `npx projen proof ${values.alone ? '--alone ' : ''}${options}`, values.alone ? CDK : NEWEST_CDK, written);
}

/** Takes every system through the same sequences, prints the findings, and returns the table. */
async function prove(proven: System[], seeds: number[], numRuns: number, alone: boolean): Promise<string> {
  // The contenders do not wait for permissions to propagate, which alone would fail them. So beside them, no system has to.
  const policyDelaySeconds = alone ? undefined : 0;
  const results: { system: System; searches: Search[] }[] = [];
  for (const system of proven) {
    const searches: Search[] = [];
    for (const seed of seeds) { searches.push(await search(system, { seed, numRuns, policyDelaySeconds })); }
    results.push({ system, searches });
  }
  const written = tableOf(results);
  process.stdout.write(written);
  // Only for this library. A contender that is stuck early rarely succeeds, and the table says so.
  for (const [index, searched] of results[0].searches.entries()) {
    const weakness = weaknessOf(searched);
    if (weakness !== undefined) {
      process.stdout.write(`seed ${seeds[index]}: ${weakness}\n`);
      process.exitCode = 1;
    }
    for (const failed of searched.found.filter(candidate => unexplained(candidate).length > 0)) {
      const sequence = JSON.stringify(failed.sequence);
      process.stdout.write(`seed ${seeds[index]}, sequence ${failed.index}: ${JSON.stringify(unexplained(failed))}\n  npx projen proof --replay '${sequence}'\n`);
      process.exitCode = 1;
    }
  }
  return written;
}

function tableOf(results: { system: System; searches: Search[] }[]): string {
  const row = (title: string, count: (search: Search) => number) => [title, ...results.map(({ searches }) => spread(searches.map(count)))];
  const findings = ({ found }: Search) => found.flatMap(sequence => sequence.findings);
  const rows = [
    ['', ...results.map(({ system }) => system.label)],
    ['---', ...results.map(() => '---:')],
    row('sequences', ({ sequences }) => sequences),
    row('deployments', ({ statuses }) => [...statuses.values()].reduce((sum, count) => sum + count, 0)),
    row('of these, succeeded', ({ statuses }) =>
      ['CREATE', 'UPDATE', 'DELETE'].reduce((sum, operation) => sum + (statuses.get(`${operation}_COMPLETE`) ?? 0), 0)),
    ...BREACHES.map(breach => row(TITLES[breach], searched => findings(searched).filter(found => !found.limit && found.breach === breach).length)),
    ...KNOWN_LIMITS.map(limit => row(`known limit: ${limit}`, searched => findings(searched).filter(found => found.limit === limit).length)),
  ];
  return rows.map(cells => `| ${cells.join(' | ')} |\n`).join('');
}

/** Some contenders are part of the CDK, so all run with the newest one, in a copy of the project that has it. Returns the table. */
async function withNewestCdk(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'proof-'));
  try {
    const copy = await Copy.make(join(directory, 'copy'), await npmPackages('newest'));
    process.stdout.write(`With aws-cdk-lib ${NEWEST_CDK}:\n\n`);
    const command = [copy.path('node_modules', '.bin', 'tsx'), 'verification/proof/proof.ts', '--newest', ...process.argv.slice(2)];
    const { code, stdout, output } = await runCommand(command, {
      cwd: copy.directory, env: { ...process.env, CDK_VALIDATION: 'false' }, minutes: 24 * 60,
    });
    process.stdout.write(output);
    process.exitCode = code;
    return stdout.split('\n').filter(line => line.startsWith('|')).map(line => `${line}\n`).join('');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const CDK = manifestOf(dirname(require.resolve('aws-cdk-lib/package.json'))).version;
const RESULTS = join(__dirname, 'results.md');
const SECTIONS = {
  beside: `[The benchmarks](../benchmarks/results.md) describe the contenders. Permissions propagate at once here, because waiting for them would fail all other
contenders. A contender that is stuck early goes through fewer of the later faults.`,
  alone: 'With permissions that take seconds to propagate.',
} as const;

/** Writes one section of results.md, and keeps the other. */
function record(section: keyof typeof SECTIONS, command: string, cdk: string, written: string): void {
  const kept = existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8') : '';
  const title = (name: keyof typeof SECTIONS) => name === 'beside' ? '## Beside the contenders' : '## This library alone';
  const sections = (Object.keys(SECTIONS) as (keyof typeof SECTIONS)[]).map(name => {
    if (name !== section) { return kept.split(/^(?=## )/m).find(part => part.startsWith(title(name)))?.trim() ?? `${title(name)}\n\nNot run yet.`; }
    const versions = `Node.js ${process.versions.node}, aws-cdk-lib ${cdk}, cdk-alternate-contact ${libraryVersion()}`;
    return `${title(name)}\n\n\`${command}\`, ${new Date().toISOString().slice(0, 10)}. ${versions}.\n\n${SECTIONS[name]}\n\n${written.trim()}`;
  });
  writeFileSync(RESULTS, `# Proof

<!-- Written by \`npx projen proof --record\`: run it again instead of editing this. -->

Generated sequences of deployments, with faults, in the sandbox. A breach counts as a known limit (docs/limits.md) only if this limit explains it for this contact: see limits.ts.
With several seeds, each row shows the smallest and the largest count.

${sections.join('\n\n')}
`);
}

/** `3`, or `3-5` where the seeds differ. */
function spread(counts: number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(least) : `${least}-${most}`;
}

async function replay(sequence: Sequence): Promise<void> {
  const { findings, statuses } = await run(alternateContact, sequence);
  process.stdout.write(`${statuses.join(', ')}\n${JSON.stringify(findings, undefined, 2)}\n`);
  process.exitCode = unexplained({ findings }).length > 0 ? 1 : 0;
}

void main();
