/**
 * The long proof: the same sequences on this library and, unless it is to run alone, on what people use today.
 *
 *     npx projen proof [--sequences N] [--seeds 1,2,3] [--alone] [--replay JSON]
 *
 * With several seeds, each row shows the smallest and the largest count.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Breach, BREACHES } from './deployment';
import { KNOWN_LIMITS } from './limits';
import { Sequence } from './model';
import { run } from './run';
import { Search, search, unexplained } from './search';
import { alternateContact, awsCustomResource, plain, System } from './systems';
import { Copy } from '../judges/copy';
import { NEWEST_CDK, npmPackages } from '../tools/packages';

/** The title of each breach's row. */
const TITLES: { readonly [breach in Breach]: string } = {
  'lost': 'contacts lost',
  'missing meanwhile': 'contacts deleted and put again in one deployment',
  'left behind': 'contacts left behind',
  'orphaned': 'resources orphaned',
  'wrong values': 'contacts with wrong values',
  'touched': "contacts touched that were nobody's",
  'failed without cause': 'deployments failed without cause',
  'stuck': 'stacks stuck',
  'unanswered': 'events unanswered',
  'another id on Delete': 'Deletes answered with another PhysicalResourceId',
  'other protocol': 'other breaches of the protocol',
  'personal data': 'sequences with personal data in a log or an answer',
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { sequences: { type: 'string', default: '1000' }, seeds: { type: 'string', default: '1' }, replay: { type: 'string' }, alone: { type: 'boolean' }, newest: { type: 'boolean' } },
  });
  if (values.replay) return replay(JSON.parse(values.replay) as Sequence);

  if (!values.alone && !values.newest) return withNewestCdk();

  const systems: System[] = values.alone ? [alternateContact] : [alternateContact, awsCustomResource, plain];
  // The contenders do not wait for permissions to spread. That alone would fail them, so beside them nobody has to.
  const policyDelaySeconds = values.alone ? undefined : 0;
  const seeds = values.seeds.split(',').map(Number);
  const results: { system: System; searches: Search[] }[] = [];
  for (const system of systems) {
    const searches: Search[] = [];
    for (const seed of seeds) searches.push(await search(system, { seed, numRuns: Number(values.sequences), policyDelaySeconds }));
    results.push({ system, searches });
  }

  const row = (title: string, count: (search: Search) => number) => [title, ...results.map(({ searches }) => spread(searches.map(count)))];
  const rows = [
    ['', ...results.map(({ system }) => system.name)],
    ['---', ...results.map(() => '---')],
    row('sequences', ({ sequences }) => sequences),
    row('deployments', ({ statuses }) => [...statuses.values()].reduce((sum, count) => sum + count, 0)),
    row('of these, succeeded', ({ statuses }) => ['CREATE', 'UPDATE', 'DELETE'].reduce((sum, operation) => sum + (statuses.get(`${operation}_COMPLETE`) ?? 0), 0)),
    ...BREACHES.map(breach => row(TITLES[breach], ({ found }) => found.flatMap(unexplained).filter(finding => finding.breach === breach).length)),
    ...KNOWN_LIMITS.map(limit => row(`named limit: ${limit}`, ({ found }) => found.flatMap(({ findings }) => findings).filter(finding => finding.limit === limit).length)),
  ];
  process.stdout.write(`${rows.map(cells => `| ${cells.join(' | ')} |`).join('\n')}\n`);
  for (const [index, { found }] of results[0].searches.entries()) {
    for (const failed of found.filter(candidate => unexplained(candidate).length > 0)) {
      process.stdout.write(`seed ${seeds[index]}, sequence ${failed.index}: ${JSON.stringify(unexplained(failed))}\n  npx projen proof --replay '${JSON.stringify(failed.sequence)}'\n`);
      process.exitCode = 1;
    }
  }
}

/** The contenders come from the newest CDK, so all run with it: in a copy of the project that finds it in place of the project's own. */
async function withNewestCdk(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'proof-'));
  try {
    const copy = await Copy.make(join(directory, 'copy'), await npmPackages('newest'));
    process.stdout.write(`With aws-cdk-lib ${NEWEST_CDK}:\n\n`);
    const child = spawn(copy.path('node_modules', '.bin', 'tsx'), ['verification/proof/proof.ts', '--newest', ...process.argv.slice(2)], {
      cwd: copy.directory, stdio: 'inherit', env: { ...process.env, CDK_VALIDATION: 'false' },
    });
    process.exitCode = await new Promise<number>(resolve => child.on('exit', code => resolve(code ?? 1)));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
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
