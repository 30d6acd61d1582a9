import type { OperationResult } from './deployment';
import { EVENTS } from './function';
import { creationGoal, goals } from './goals';
import { growth } from './growth';
import type { PauseResult } from './pauses';
import type { PauseRow } from './policies';
import type { Profile } from './profile';
import { INFERRED_LISTING, leastSeconds, QUOTAS, textOf } from './quota';
import type { Results } from './results';
import type { Figure } from './statistics';
import { ALL, ContenderId, CONTENDERS, labelOf, measuredOn } from '../contenders/contender';

/** `12.3 (11.9-13.0)`: the median, and from the least to the most; `12.3 (1 run)` says nothing of the spread. */
export function spread(value: Figure | undefined, digits = 0, unit = ''): string {
  if (!value) { return '-'; }
  return `${value.median.toFixed(digits)}${unit} (${value.runs === 1 ? '1 run' : `${value.min.toFixed(digits)}-${value.max.toFixed(digits)}`})`;
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
    deploymentSection(results), pauseSection(results), growthSection(results),
  ].join('\n\n').concat('\n');
}

function introduction({ setting }: Results): string {
  const { date, command, machine, load, rounds, minutes } = setting;
  return `# Benchmarks

<!-- Written by verification/benchmarks/bench.ts: run it again instead of editing this. -->

${date}, \`${command}\`, ${minutes.toFixed(0)} minutes. ${machine}; the load of the machine before was ${load.toFixed(1)}.
${Object.entries(setting.versions).map(([name, version]) => `${name} ${version}`).join(', ')}.

The contenders take turns: A B C, A B C, ... after a round that warms up (rounds of syntheses: ${rounds.synthesis}, of the
function: ${rounds.functions}, of deployments, which need no warming up: ${rounds.deployments}, the largest: ${rounds.largest}). Numbers are medians, with the least and the
most in brackets; where there was one run, they say nothing of who is ahead. All are written as a strong user of them would (verification/contenders/), run with the same
aws-cdk-lib, the newest, and are given the same values for contacts of different accounts.

${ALL.map(id => `- **${labelOf(id)}** ${CONTENDERS[id].about}`).join('\n')}

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
  const [bare, written] = [synthesis.bare, synthesis['hand-written']];
  const sizes = synthesis.ours.sizes.map(({ contacts }) => contacts);
  const bySize = (cell: (id: ContenderId, index: number) => string) =>
    table(['', ...sizes.map(String)], ALL.map(id => [labelOf(id), ...sizes.map((_, index) => synthesis[id].sizes[index].error ? 'fails' : cell(id, index))]));
  const failures = ALL.flatMap(id => synthesis[id].sizes.flatMap(({ contacts, error }) => error ? [`- ${labelOf(id)} with ${contacts}: ${error}`] : []));
  return `## 1. Synthesis

Each synthesis has a process of its own. Milliseconds of the app itself (constructs and \`app.synth()\`), by contacts:

${bySize((id, index) => spread(synthesis[id].sizes[index].appMs))}

Milliseconds from the start of the process to its end, with Node.js and the loading of aws-cdk-lib:

${bySize((id, index) => spread(synthesis[id].sizes[index].wallMs))}

Peak memory in MB (maximum resident set):

${bySize((id, index) => spread(synthesis[id].sizes[index].maxRssMb))}

What one more contact costs, by least squares over the medians. Processor time is what other programs on the machine disturb least.

${table(['', 'app, ms', 'to the bare', 'to the class', 'processor, ms', 'to the bare', 'to the class', 'memory, kB', 'constructs'], ALL.map(id => {
  const { app, cpu, memory, sizes: measured } = synthesis[id];
  const [first, last] = [measured[0], measured.filter(({ error }) => !error).at(-1) ?? measured[0]];
  return [labelOf(id), app.slope.toFixed(2), times(app.slope, bare.app.slope), times(app.slope, written.app.slope),
    cpu.slope.toFixed(2), times(cpu.slope, bare.cpu.slope), times(cpu.slope, written.cpu.slope),
    (memory.slope * 1000).toFixed(0), (((last.constructs ?? 0) - (first.constructs ?? 0)) / (last.contacts - first.contacts)).toFixed(1)];
}))}

${failures.join('\n')}

![time](plots/synthesis-time.svg)
![memory](plots/synthesis-memory.svg)

Where the processor's time of one more contact goes, by package (V8's profiler; microseconds; Node.js's own time counts to who called it):

${profiles(synthesisProfile.ours, synthesisProfile['hand-written'])}`;
}

function profiles(ours: Profile, written: Profile): string {
  const of = ({ packages }: Profile, name: string) => packages.find(share => share.name === name)?.ms ?? 0;
  const names = [...new Set([...ours.packages, ...written.packages].map(({ name }) => name))]
    .filter(name => Math.max(of(ours, name), of(written, name)) >= 0.01).sort((one, other) => of(ours, other) - of(ours, one));
  const micro = (ms: number) => (ms * 1000).toFixed(0);
  return table(['', labelOf('ours'), labelOf('hand-written')], [
    ...names.map(name => [name, micro(of(ours, name)), micro(of(written, name))]), ['all', micro(ours.totalMs), micro(written.totalMs)],
  ]);
}

function templateSection({ templates }: Results): string {
  const rows = [...ALL, 'ours-agnostic' as const].map(id => {
    const { sizes, bytes, resources, most, refusal } = templates[id];
    const [{ lambdas, assets, assetBytes, resources: first }] = sizes;
    const label = id === 'ours-agnostic' ? `${labelOf('ours')}, account left open` : labelOf(id);
    return [label, bytes.slope.toFixed(0), bytes.intercept.toFixed(0), resources.slope.toFixed(2), first - Math.round(resources.slope),
      lambdas, assets, assetBytes,
      `**${most ?? '-'}**`, refusal ?? '-'];
  });
  return `## 2. Template

${table(['', 'bytes per contact', 'bytes fixed', 'resources per contact', 'resources fixed', 'functions', 'assets', 'asset bytes', 'most contacts', 'one more'], rows)}

The most contacts were found by going there: the size at which a stack still passes, and the next at which it does not. Looked for were 500 resources, 1 MB
of template, 10,240 characters of inline policies per role, 6,144 per managed policy and ten of these per role, all resolved as CloudFormation
resolves them.

![limits](plots/limits.svg)
![bytes](plots/template-bytes.svg)`;
}

function functionSection({ functions }: Results): string {
  const ids = measuredOn('function').filter(id => functions.results[id]);
  const rows = ids.map(id => {
    const result = functions.results[id];
    return result ? [labelOf(id), result.functions, result.codeBytes, spread(result.events.Create.loadMs),
      ...EVENTS.map(name => spread(result.events[name].answerMs)), ...EVENTS.map(name => spread(result.events[name].maxRssMb, 1))] : [];
  });
  const calls = ids.map(id => [labelOf(id), ...EVENTS.map(name => functions.results[id]?.events[name].calls.join(', ') ?? '')]);
  const { packages, totalMs } = functions.profile;
  return `## 3. The function

Taken out of the template or the asset and run in a fresh process, with the real SDK and local services that answer at once. "Load" is what comes before
the event; the answer counts from the start of the process, and an empty process takes ${spread(functions.emptyMs)} ms from start to end. What runs two functions
is charged for both.${functions.missing.length > 0 ? ` ${labelOf('provider')} was left out: ${functions.missing.join(' and ')} are not installed.` : ''}

${table(['', 'functions', 'code, bytes', 'load, ms', ...EVENTS.map(name => `${name}, ms`), ...EVENTS.map(name => `${name}, MB`)], rows)}

Calls of one event:

${table(['', ...EVENTS], calls)}

A Delete of this library lists the resources of its stack, 100 per call: ${functions.callsOfDelete.map(({ resources, calls: count }) =>
  `${count} calls with ${resources}`).join(', ')}.

![function](plots/function.svg)

Where ${totalMs.toFixed(0)} ms of processor time of this library's first Create go, by package (V8's profiler; Node.js's own time counts to who called it, so
that loading a file counts to the package that asked for it):

${table(['package', 'ms', 'share'], packages.filter(({ ms }) => ms >= 0.5).map(({ name, ms }) => [name, ms.toFixed(1), `${(100 * ms / totalMs).toFixed(0)} %`]))}

The functions with the most time of their own:

${table(['function, package, file', 'ms'], functions.profile.functions.slice(0, 8).map(({ name, ms }) => [`\`${name}\``, ms.toFixed(1)]))}`;
}

function deploymentSection({ deployments }: Results): string {
  const { timeScale, deletionTimeScale, creations, slower, twoStacks, refusedTakesToken, china, updates, fewExecutions } = deployments;
  const { deletions, unthrottledDeletion } = deployments;
  const fast = creations.find(({ id, contacts }) => id === 'ours' && contacts === slower.contacts);
  return `## 4. Deployments

In the embedded AWS (sandbox/), with the documented quotas of the organization: Put ${textOf(QUOTAS.aws.put)}; Get ${textOf(QUOTAS.aws.get)}; Delete
${textOf(QUOTAS.aws.delete)}. CloudFormation throttles too, at rates that AWS does not document: ListStackResources
${textOf(INFERRED_LISTING)} is what users have found for other calls. Each invocation that runs at the same time as others has an
execution environment, and so a client, of its own. Seconds are the sandbox's, with the start of the function. The least is what the quota takes of contacts after those that go at once: ${
  [60, 490].map(contacts => `${leastSeconds(contacts, QUOTAS.aws.put).toFixed(1)} s to put ${contacts}`).join(', ')}, ${
  leastSeconds(490, QUOTAS.aws.delete).toFixed(0)} s to delete 490.
${labelOf('provider')} is not measured here. A failed creation is rolled back: its
seconds are those of the failure, and what is still set afterwards was left behind.

### Creation

The clock runs ${timeScale} times as fast as the machine's.

${operations([
  ...creations.map(result => [result, labelOf(result.id)] as const),
  [twoStacks, `${labelOf('ours')}, two stacks at once`],
  [refusedTakesToken, `${labelOf('ours')}, if a refused call takes a token`],
  [china, `${labelOf('ours')}, China: Put ${textOf(QUOTAS.china.put)}`],
])}

![creation](plots/creation.svg)

Whether the machine was what was measured: at half the pace, with twice the machine's time for each second, ${slower.contacts} contacts took ${
  slower.seconds?.median.toFixed(1)} s instead of ${fast?.seconds?.median.toFixed(1)} s. The processors were busy ${
  creations.filter(({ id, contacts }) => id === 'ours' && contacts > 1).map(({ contacts, busy }) => `${(100 * (busy?.median ?? 0)).toFixed(0)} % with ${contacts}`).join(', ')}
(other programs included).

### Update

Of all contacts of a stack: the title of each is edited. The same clock.

${operations(updates.map(result => [result, labelOf(result.id)] as const))}

### Deletion

Of the whole stack. The clock runs ${deletionTimeScale} times as fast as the machine's.

${operations([
  ...deletions.map(result => [result, labelOf(result.id)] as const), [unthrottledDeletion, `${labelOf('ours')}, CloudFormation not throttled`],
])}

![deletion](plots/deletion.svg)

### Where ten functions may run at once

As in a new account. Events for which no function is free go back to Lambda's queue, and are tried again after 1 second to 5 minutes, as documented. The clock runs ${
  fewExecutions.timeScale} times as fast as the machine's.

${operations([[fewExecutions.creation, 'creation'], [fewExecutions.deletion, 'deletion']])}`;
}

function operations(rows: (readonly [OperationResult, string])[]): string {
  const several = (values: (string | number)[]) => [...new Set(values)].join(' or ');
  const perContact = ({ contacts }: OperationResult, value: Figure | undefined) => value ? (value.median / contacts).toFixed(1) : '';
  return table([
    'contacts', '', 'status', 'set', 'seconds', 'to the least', 'calls of Account Management per contact', 'throttled', 'calls of CloudFormation per contact', 'throttled',
    'executions at once',
  ], rows.map(([result, label]) => result.runs.length === 0
    ? [result.contacts, label, result.error ?? '', '', '', '', '', '', '', '', '']
    : [
      result.contacts, label, several(result.runs.map(({ status }) => status)), several(result.runs.map(({ set }) => set)), spread(result.seconds, 1),
      spread(result.ratio, 2), perContact(result, result.calls), perContact(result, result.throttled), perContact(result, result.cloudFormationCalls),
      perContact(result, result.cloudFormationThrottled), result.executions?.max ?? '',
    ]));
}

function pauseSection({ pauses: { creations, updates, deletions, exhausted } }: Results): string {
  return `## 5. How long to pause

Hundreds of functions share a quota and know nothing of each other. A simulation of their pauses (verification/benchmarks/pauses.ts: token buckets and random numbers, several seeds, no
sandbox) shows what can be had: calls of Account Management per contact, and the time to the least that the quota takes.

![pauses](plots/pauses.svg)

Each curve is a policy whose pauses get longer from left to right. A creation of 490 with at most 6 calls per contact, within ${creationGoal(490)} x at 490 and ${
  creationGoal(60)} x at 60, is reached only by those that know the batch: the longer the pauses, the fewer the calls, but pauses that suit 490 leave the quota unused at 60. A Create could learn the
batch by listing the stack's resources, for up to 5 calls of CloudFormation per contact. A Delete lists them anyway, and so knows.

Creation, a Get, a Put and a Get for each contact:

${pauseTable(creations)}

Update, a Put for each contact:

${pauseTable(updates)}

Deletion of the whole stack:

${pauseTable(deletions)}

Nobody has documented whether AWS counts refused calls; "a refused call takes a token" means that polling keeps the bucket empty: then hundreds of contacts fail, whoever sets them. Where ten
functions may run at once, Lambda tries the other events again after 1 second to 5 minutes. Deletes of two stacks that are not done within the 15 minutes that a function has: ${exhausted.map(({ contacts, failed }) => `${failed.median} of ${contacts}`).join(', ')}.`;
}

function pauseTable(rows: PauseRow[]): string {
  const cell = ({ calls, listings, ratio, failed }: PauseResult) => {
    const counts = listings.median > 0 ? `${calls.median.toFixed(1)} + ${listings.median.toFixed(1)} calls` : `${calls.median.toFixed(1)} calls`;
    return `${counts}, ${failed.median > 0 ? `${failed.median} fail` : `${spread(ratio, 2)} x`}`;
  };
  return table(['', 'pauses', ...rows[0].results.map(({ contacts }) => String(contacts))],
    rows.map(({ label, surroundings, results }) => [surroundings, label, ...results.map(cell)]));
}

function growthSection(results: Results): string {
  return `## 6. How the cost grows

${table(['figure', 'one more contact', 'r²', 'exponent', 'grows', 'what it is made of'], growth(results).map(row =>
  [row.name, row.slope, row.r2.toFixed(4), row.exponent.toFixed(2), row.verdict, row.madeOf]))}

The exponent is that of the part that grows, between the two largest sizes: 1 is linear, 2 quadratic.`;
}
