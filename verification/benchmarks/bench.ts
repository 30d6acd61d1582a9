/**
 * Measures this library against what people use today: `tsx verification/benchmarks/bench.ts [--quick | --report]`. With --quick it looks whether all of it
 * works, and leaves the kept results alone; with --report it writes the report and the plots anew from what the last run left in results.json.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { BUILD, compile } from './build';
import { measureDeployments } from './deployment';
import { measureFunctions } from './function';
import { plot } from './plots';
import { measurePauses } from './policies';
import { report, summary } from './report';
import { machine, Results, versions } from './results';
import { measureSynthesis, profileSynthesis } from './synthesis';
import { measureTemplates } from './template';

const FULL = {
  sizes: [1, 10, 100, 490],
  synthesis: 3,
  functions: 4,
  deployment: { sizes: [1, 60, 490], rounds: 3, largestRounds: 2, timeScale: 5, deletionTimeScale: 12, twoStacksAccounts: 200 },
};
const QUICK = {
  sizes: [1, 10, 50],
  synthesis: 1,
  functions: 2,
  deployment: { sizes: [1, 10, 20], rounds: 1, largestRounds: 1, timeScale: 5, deletionTimeScale: 8, twoStacksAccounts: 10 },
};

async function measure(quick: boolean): Promise<Results> {
  const plan = quick ? QUICK : FULL;
  await compile();
  const begun = Date.now();
  const load = loadavg()[0];
  const progress = (text: string) => process.stderr.write(`${((Date.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
  const synthesis = await measureSynthesis(plan.sizes, plan.synthesis, progress);
  const synthesisProfile = await profileSynthesis(Math.max(...plan.sizes), progress);
  const templates = await measureTemplates(plan.sizes, !quick, progress);
  const functions = await measureFunctions(plan.functions, progress);
  const deployments = await measureDeployments(plan.deployment, progress);
  return {
    setting: {
      date: new Date().toISOString().slice(0, 10),
      command: `tsx verification/benchmarks/bench.ts${quick ? ' --quick' : ''}`,
      versions: versions(),
      machine: machine(),
      load,
      rounds: { synthesis: plan.synthesis, functions: plan.functions, deployments: plan.deployment.rounds, largest: plan.deployment.largestRounds },
      minutes: (Date.now() - begun) / 60_000,
    },
    synthesis,
    synthesisProfile,
    templates,
    functions,
    deployments,
    pauses: measurePauses(),
  };
}

async function main(): Promise<void> {
  const quick = process.argv.includes('--quick');
  const directory = quick ? BUILD : __dirname;
  const file = join(directory, 'results.json');
  const results = process.argv.includes('--report') ? JSON.parse(readFileSync(file, 'utf8')) as Results : await measure(quick);
  writeFileSync(file, `${JSON.stringify(results, (_, value: unknown) => typeof value === 'number' ? Number(value.toPrecision(6)) : value, 1)}\n`);
  writeFileSync(join(directory, 'results.md'), report(results));
  await plot(results, join(directory, 'plots'));
  process.stdout.write(summary(results));
}

void main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
