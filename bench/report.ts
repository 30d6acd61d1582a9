import { CONTENDERS, LABELS } from './contenders/contender';
import { DEPLOYED, DeploymentResult } from './deployment';
import { EVENTS, FUNCTIONS } from './function';
import { goals } from './goals';
import { growth } from './growth';
import type { Profile } from './profile';
import type { Results } from './results';
import type { Figure } from './statistics';

/** `12.3 (11.9-13.0)`: the median, and from the least to the most. */
function spread(value: Figure | undefined, digits = 0): string {
  return value ? `${value.median.toFixed(digits)} (${value.min.toFixed(digits)}-${value.max.toFixed(digits)})` : '-';
}

export function table(head: string[], rows: (string | number)[][]): string {
  const row = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map((_, index) => index === 0 ? '---' : '---:')), ...rows.map(row)].join('\n');
}

const times = (value: number, reference: number) => `${(value / reference).toFixed(2)} x`;

/** What is printed at the end of a run. */
export function summary(results: Results): string {
  return goals(results).map(({ goal, found, reached }) => `${reached ? 'reached' : 'MISSED '}  ${goal}: ${found}\n`).join('');
}

export function report(results: Results): string {
  return [
    introduction(results), goalsSection(results), synthesisSection(results), templateSection(results), functionSection(results),
    deploymentSection(results), growthSection(results),
  ].join('\n\n').concat('\n');
}

function introduction({ setting }: Results): string {
  const { date, command, machine, load, rounds, minutes } = setting;
  return `# Benchmarks

<!-- Written by bench/bench.ts: run it again instead of editing this. -->

${date}, \`${command}\`, ${minutes.toFixed(0)} minutes. ${machine}; the load of the machine before was ${load.toFixed(1)}.
${Object.entries(setting.versions).map(([name, version]) => `${name} ${version}`).join(', ')}.

The contenders take turns: A B C, A B C, ... after a round that warms up (rounds of syntheses: ${rounds.synthesis}, of the
function: ${rounds.functions}, of deployments, which need no warming up: ${rounds.deployments}). Numbers are medians, with the least and the most in brackets. All are written as
a user would write them (bench/contenders/) and are given the same values for contacts of different accounts.

- **${LABELS.ours}** is this library.
- **${LABELS['aws-custom-resource']}** as its documentation shows it, without installing the latest SDK.
- **${LABELS.provider}**: \`custom-resources.Provider\` with an inline function of 20 lines.
- **${LABELS['core-provider']}**: the one of aws-cdk-lib's core, with the same 20 lines as an asset.
- **${LABELS.floor}**: the least that can be written by hand, a class around \`CustomResource\` with an inline function: no validation, no
  permissions (the deployments add them), no retries.
- **${LABELS.bare}**: the same function with a \`CfnResource\` and no class around it.

Apps have the feature flags that \`cdk init\` writes and the context that the command line sets (path metadata, version reporting). The validation of
templates that newer versions of aws-cdk-lib do at synthesis is off (\`CDK_VALIDATION=false\`): it takes seconds, the same for all.`;
}

function goalsSection(results: Results): string {
  const all = goals(results);
  const missed = all.filter(({ reached }) => !reached);
  return `## Goals

${table(['goal', 'found', ''], all.map(({ goal, found, reached }) => [goal, found, reached ? 'reached' : '**missed**']))}

${missed.length > 0 ? `Why ${missed.length} of ${all.length} were missed:\n\n${missed.map(({ goal, why }) => `- ${goal}: ${why}`).join('\n')}` : 'None was missed.'}`;
}

function synthesisSection({ synthesis, synthesisProfile }: Results): string {
  const { floor } = synthesis;
  const sizes = synthesis.ours.sizes.map(({ contacts }) => contacts);
  const bySize = (cell: (id: typeof CONTENDERS[number], index: number) => string) =>
    table(['', ...sizes.map(String)], CONTENDERS.map(id => [LABELS[id], ...sizes.map((_, index) => synthesis[id].sizes[index].error ? 'fails' : cell(id, index))]));
  const failures = CONTENDERS.flatMap(id => synthesis[id].sizes.flatMap(({ contacts, error }) => error ? [`- ${LABELS[id]} with ${contacts}: ${error}`] : []));
  return `## 1. Synthesis

Each synthesis has a process of its own. Milliseconds of the app itself (constructs and \`app.synth()\`), by contacts:

${bySize((id, index) => spread(synthesis[id].sizes[index].appMs))}

Milliseconds from the start of the process to its end, with Node.js and the loading of aws-cdk-lib:

${bySize((id, index) => spread(synthesis[id].sizes[index].wallMs))}

Peak memory in MB (maximum resident set):

${bySize((id, index) => spread(synthesis[id].sizes[index].maxRssMb))}

What one more contact costs, by least squares over the medians. Processor time is what other programs on the machine disturb least.

${table(['', 'app, ms', 'to the floor', 'processor, ms', 'to the floor', 'memory, kB', 'constructs'], CONTENDERS.map(id => {
  const { app, cpu, memory, sizes: measured } = synthesis[id];
  const [first, last] = [measured[0], measured.filter(({ error }) => !error).at(-1) ?? measured[0]];
  return [LABELS[id], app.slope.toFixed(2), times(app.slope, floor.app.slope), cpu.slope.toFixed(2), times(cpu.slope, floor.cpu.slope),
    (memory.slope * 1000).toFixed(0), (((last.constructs ?? 0) - (first.constructs ?? 0)) / (last.contacts - first.contacts)).toFixed(1)];
}))}

${failures.join('\n')}

![time](plots/synthesis-time.svg)
![memory](plots/synthesis-memory.svg)

Where the processor's time of one more contact goes, by package (V8's profiler; microseconds; Node.js's own time counts to who called it):

${profiles(synthesisProfile.ours, synthesisProfile.floor)}`;
}

function profiles(ours: Profile, floor: Profile): string {
  const of = ({ packages }: Profile, name: string) => packages.find(share => share.name === name)?.ms ?? 0;
  const names = [...new Set([...ours.packages, ...floor.packages].map(({ name }) => name))]
    .filter(name => Math.max(of(ours, name), of(floor, name)) >= 0.01).sort((one, other) => of(ours, other) - of(ours, one));
  const micro = (ms: number) => (ms * 1000).toFixed(0);
  return table(['', LABELS.ours, LABELS.floor], [
    ...names.map(name => [name, micro(of(ours, name)), micro(of(floor, name))]), ['all', micro(ours.totalMs), micro(floor.totalMs)],
  ]);
}

function templateSection({ templates }: Results): string {
  const rows = [...CONTENDERS, 'ours-agnostic' as const].map(id => {
    const { sizes, bytes, resources, most, refusal } = templates[id];
    const [{ lambdas, assets, assetBytes, resources: first }] = sizes;
    const label = id === 'ours-agnostic' ? `${LABELS.ours}, account left open` : LABELS[id];
    return [label, bytes.slope.toFixed(0), bytes.intercept.toFixed(0), resources.slope.toFixed(2), first - Math.round(resources.slope),
      lambdas, assets, assetBytes,
      `**${most ?? '-'}**`, refusal ?? '-'];
  });
  return `## 2. Template

${table(['', 'bytes a contact', 'bytes fixed', 'resources a contact', 'resources fixed', 'functions', 'assets', 'asset bytes', 'most contacts', 'one more'], rows)}

The most contacts were found by going there: the size at which a stack still passes, and the next at which it does not. Looked for were 500 resources, 1 MB
of template, 10,240 characters of inline policies a role, 6,144 a managed policy and ten of these a role, all resolved as CloudFormation
resolves them.

![limits](plots/limits.svg)
![bytes](plots/template-bytes.svg)`;
}

function functionSection({ functions }: Results): string {
  const ids = FUNCTIONS.filter(id => functions.results[id]);
  const rows = ids.map(id => {
    const result = functions.results[id];
    return result ? [LABELS[id], result.functions, result.codeBytes, spread(result.events.Create.loadMs),
      ...EVENTS.map(name => spread(result.events[name].answerMs)), ...EVENTS.map(name => spread(result.events[name].maxRssMb, 1))] : [];
  });
  const calls = ids.map(id => [LABELS[id], ...EVENTS.map(name => functions.results[id]?.events[name].calls.join(', ') ?? '')]);
  const { packages, totalMs } = functions.profile;
  return `## 3. The function

Taken out of the template or the asset and run in a fresh process, with the real SDK and local services that answer at once. "Load" is what comes before
the event; the answer counts from the start of the process, and an empty process takes ${spread(functions.emptyMs)} ms from start to end. What runs two functions
is charged for both.${functions.missing.length > 0 ? ` ${LABELS.provider} was left out: ${functions.missing.join(' and ')} are not installed.` : ''}

${table(['', 'functions', 'code, bytes', 'load, ms', ...EVENTS.map(name => `${name}, ms`), ...EVENTS.map(name => `${name}, MB`)], rows)}

Calls of one event:

${table(['', ...EVENTS], calls)}

A Delete of this library lists the resources of its stack, 100 a call: ${functions.callsOfDelete.map(({ resources, calls: count }) =>
  `${count} calls with ${resources}`).join(', ')}.

![function](plots/function.svg)

Where ${totalMs.toFixed(0)} ms of processor time of this library's first Create go, by package (V8's profiler; Node.js's own time counts to who called it, so
that loading a file counts to the package that asked for it):

${table(['package', 'ms', 'share'], packages.filter(({ ms }) => ms >= 0.5).map(({ name, ms }) => [name, ms.toFixed(1), `${(100 * ms / totalMs).toFixed(0)} %`]))}

The functions with the most time of their own:

${table(['function, package, file', 'ms'], functions.profile.functions.slice(0, 8).map(({ name, ms }) => [`\`${name}\``, ms.toFixed(1)]))}`;
}

function deploymentSection({ deployments }: Results): string {
  const { timeScale, results, slower, twoStacks } = deployments;
  const row = (result: DeploymentResult, label = LABELS[result.id]): (string | number)[] => {
    const [run] = result.runs;
    if (!run) return [result.contacts, label, result.error ?? '', '', '', '', '', ''];
    return [result.contacts, label, [...new Set(result.runs.map(({ status }) => status))].join(' or '), `${[...new Set(result.runs.map(({ set }) => set))].join(' or ')}`,
      spread(result.seconds, 1), result.ratio ? spread(result.ratio, 2) : '', spread(result.calls), spread(result.throttled)];
  };
  const same = slower.map(result => {
    const fast = results.find(({ id, contacts }) => id === 'ours' && contacts === result.contacts);
    return `${result.contacts} contacts took ${result.seconds?.median.toFixed(1)} s instead of ${fast?.seconds?.median.toFixed(1)} s`;
  });
  return `## 4. A deployment

In the embedded AWS (sandbox/), with the documented quotas: Put 5 a second (8 at once), Get 10 (15), Delete 1 (6), for the whole organization. Its clock runs
${timeScale} times as fast as the machine's; seconds are its own, with the start of the function's process. The bound is contacts / 5 a second.
${LABELS.provider} is left out, because the sandbox does not let a function invoke a function. A failed deployment is rolled back: its
seconds are those of the failure, and what is still set afterwards was left behind.

${table(['contacts', '', 'status', 'set', 'seconds', 'to the bound', 'calls', 'of them throttled'], [
  ...results.filter(({ id }) => DEPLOYED.includes(id)).map(result => row(result)), row(twoStacks, `${LABELS.ours}, two stacks at once`),
])}

![deployment](plots/deployment.svg)

Whether the machine was what was measured: at half the pace, with twice the machine's time for each second, ${same.join(', and ')}. The processors were busy
${results.filter(({ id, contacts }) => id === 'ours' && contacts > 1).map(({ contacts, busy }) => `${(100 * (busy?.median ?? 0)).toFixed(0)} % with ${contacts}`).join(', ')}
(other programs included).`;
}

function growthSection(results: Results): string {
  return `## 5. How the cost grows

${table(['figure', 'one more contact', 'r²', 'exponent', 'grows', 'what it is made of'], growth(results).map(row =>
  [row.name, row.slope, row.r2.toFixed(4), row.exponent.toFixed(2), row.verdict, row.madeOf]))}

The exponent is that of the part that grows, between the two largest sizes: 1 is linear, 2 quadratic.`;
}
