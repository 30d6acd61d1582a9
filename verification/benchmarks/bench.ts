/**
 * Measures this library against what people use today, and writes results.md: `tsx verification/benchmarks/bench.ts [--quick]`. With --quick it only
 * checks that everything works, and writes .build/results.md.
 */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { BUILD, compile } from './build';
import { measureCalls } from './calls';
import { measureDeployments } from './deployment';
import { report, summary } from './report';
import { machine, Plan, Results, versions } from './results';
import { measureSynthesis } from './synthesis';
import { measureTemplates } from './template';

const FULL: Plan = {
  sizes: [1, 10, 100, 490],
  synthesisRounds: 3,
  deployment: { sizes: [1, 60, 490], rounds: 3, largestRounds: 2, timeScale: 5, deletionTimeScale: 12, inTwoStacks: 600 },
};
const QUICK: Plan = {
  sizes: [1, 10, 50],
  synthesisRounds: 1,
  deployment: { sizes: [1, 10, 20], rounds: 1, largestRounds: 1, timeScale: 5, deletionTimeScale: 8, inTwoStacks: 30 },
};

async function measure(isQuick: boolean): Promise<Results> {
  const plan = isQuick ? QUICK : FULL;
  await compile();
  const begun = Date.now();
  const load = loadavg()[0];
  const progress = (text: string) => process.stderr.write(`${((Date.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
  const synthesis = await measureSynthesis(plan.sizes, plan.synthesisRounds, progress);
  const templates = await measureTemplates(plan.sizes, !isQuick, progress);
  const calls = await measureCalls(plan.sizes, progress);
  const deployments = await measureDeployments(plan.deployment, progress);
  return {
    setting: {
      date: new Date().toISOString().slice(0, 10),
      command: `tsx verification/benchmarks/bench.ts${isQuick ? ' --quick' : ''}`,
      versions: versions(),
      machine: machine(),
      load,
      plan,
      minutes: (Date.now() - begun) / 60_000,
    },
    synthesis,
    templates,
    calls,
    deployments,
  };
}

async function main(): Promise<void> {
  const isQuick = process.argv.includes('--quick');
  const results = await measure(isQuick);
  writeFileSync(join(isQuick ? BUILD : __dirname, 'results.md'), report(results));
  process.stdout.write(summary(results));
}

void main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
