/**
 * The long proof: the same sequences on this library and, unless it is to run alone, on what people use today.
 *
 *     npx projen proof [--sequences N] [--seed N] [--alone] [--replay JSON]
 */
import { parseArgs } from 'node:util';
import { Step } from './model';
import { Corner, Fault, run } from './run';
import { Search, search, unexplained } from './search';
import { alternateContact, awsCustomResource, plain, System } from './systems';

const FAULTS: Record<string, Fault[]> = {
  'contacts lost': ['lost', 'missing meanwhile'],
  'left behind': ['left behind', 'orphaned'],
  'wrong values': ['wrong values', 'touched'],
  'failed or stuck without cause': ['failed without cause', 'stuck'],
  'breaches of the protocol': ['protocol'],
  'runs that told personal data': ['personal data'],
};
const CORNERS: Corner[] = ['in flight', 'delivered twice', 'new resource, rolled back', 'two stacks'];

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { sequences: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' }, replay: { type: 'string' }, alone: { type: 'boolean' } } });
  if (values.replay) return replay(JSON.parse(values.replay) as Step[]);

  const options = { seed: Number(values.seed), numRuns: Number(values.sequences) };
  const systems: System[] = values.alone ? [alternateContact] : [alternateContact, awsCustomResource, plain];
  // The contenders do not wait for permissions to spread. That alone would fail them, so beside them nobody has to.
  const policyDelaySeconds = values.alone ? undefined : 0;
  const results: [string, Search][] = [];
  for (const system of systems) results.push([system.name, await search(system, { ...options, policyDelaySeconds })]);

  const count = ([, { found }]: [string, Search], faults: Fault[]) =>
    String(found.flatMap(unexplained).filter(({ fault }) => faults.includes(fault)).length);
  const cornered = ([, { found }]: [string, Search], corner: Corner) =>
    String(found.flatMap(({ findings }) => findings).filter(finding => finding.corner === corner).length);
  const rows = [
    ['', ...results.map(([name]) => name)],
    ['---', ...results.map(() => '---')],
    ['sequences', ...results.map(([, { sequences }]) => String(sequences))],
    ['deployments', ...results.map(([, { deployments }]) => String(deployments))],
    ...Object.entries(FAULTS).map(([title, faults]) => [title, ...results.map(result => count(result, faults))]),
    ...CORNERS.map(corner => [`named limit: ${corner}`, ...results.map(result => cornered(result, corner))]),
  ];
  process.stdout.write(`${rows.map(row => `| ${row.join(' | ')} |`).join('\n')}\n`);
  for (const found of results[0][1].found.filter(candidate => unexplained(candidate).length > 0)) {
    process.stdout.write(`sequence ${found.index}: ${JSON.stringify(unexplained(found))}\n  npx projen proof --replay '${JSON.stringify(found.steps)}'\n`);
    process.exitCode = 1;
  }
}

async function replay(steps: Step[]): Promise<void> {
  const { findings } = await run(alternateContact, steps);
  process.stdout.write(`${JSON.stringify(findings, undefined, 2)}\n`);
  process.exitCode = unexplained({ findings }).length > 0 ? 1 : 0;
}

void main();
