import { EVENTS } from './calls';
import type { Operation, OperationResult } from './deployment';
import { goals } from './goals';
import { INFERRED_LISTING, leastSeconds, QUOTAS, textOf } from './quota';
import type { Results } from './results';
import { over, spread } from './statistics';
import { ALL, ContenderId, CONTENDERS, labelOf, measuredOn } from '../contenders/contender';

/** A table in Markdown. */
export function table(head: string[], rows: (string | number)[][]): string {
  const row = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map((_, index) => index === 0 ? '---' : '---:')), ...rows.map(row)].join('\n');
}

/** The last lines of a run's output. */
export function summary(results: Results): string {
  return goals(results).map(({ goal, found, isReached }) => `${isReached ? 'reached' : 'MISSED '}  ${goal}: ${found}\n`).join('');
}

export function report(results: Results): string {
  const sections = [introduction, goalsSection, synthesisSection, templateSection, callsSection, deploymentSection];
  return `${sections.map(section => section(results)).join('\n\n')}\n`;
}

function introduction({ setting: { date, command, machine, load, plan, minutes, versions } }: Results): string {
  return `# Benchmarks

<!-- Written by verification/benchmarks/bench.ts: run it again instead of editing this. -->

${date}, \`${command}\`, ${minutes.toFixed(0)} minutes. ${machine}; the load of the machine before was ${load.toFixed(1)}.
${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}.

The contenders take turns: A B C, A B C, ... Syntheses have ${plan.synthesisRounds} rounds after one that warms up, deployments ${plan.deployment.rounds}, the largest ${
  plan.deployment.largestRounds}. Figures are medians, with the least and the
most in brackets. One run says nothing about who is ahead. Each contender is written as a strong user of it would write it (verification/contenders/). All run with the
same aws-cdk-lib, the newest, and get the same values, for contacts of different accounts.

${ALL.map(id => `- **${labelOf(id)}** ${CONTENDERS[id].about}`).join('\n')}

Apps have the feature flags that \`cdk init\` writes and the context that the CLI sets (path metadata, version reporting). Newer versions of aws-cdk-lib validate
templates at synthesis. This is off (\`CDK_VALIDATION=false\`): it takes seconds, the same for all.`;
}

function goalsSection(results: Results): string {
  const all = goals(results);
  const missed = all.filter(({ isReached }) => !isReached);
  return `## Goals

${table(['goal', 'found', ''], all.map(({ goal, found, isReached }) => [goal, found, isReached ? 'reached' : '**missed**']))}

${missed.length > 0 ? `Why ${missed.length} of ${all.length} were missed:\n\n${missed.map(({ goal, reason }) => `- ${goal}: ${reason}`).join('\n')}` : 'None was missed.'}`;
}

function synthesisSection({ synthesis }: Results): string {
  const sizes = synthesis.ours.sizes.map(({ contacts }) => contacts);
  const refusals = ALL.flatMap(id => synthesis[id].sizes.flatMap(({ contacts, refusal }) => refusal ? [`- ${labelOf(id)} with ${contacts}: ${refusal}`] : []));
  const times = (id: ContenderId, cost: 'appMsPerContact' | 'cpuMsPerContact', other: ContenderId) =>
    `${(synthesis[id][cost].median / synthesis[other][cost].median).toFixed(2)} x`;
  return `## 1. Synthesis

Each synthesis has its own process. Milliseconds of the app itself (constructs and \`app.synth()\`), by contacts:

${table(['', ...sizes.map(String)], ALL.map(id => [labelOf(id), ...synthesis[id].sizes.map(({ appMs }) => appMs ? spread(appMs) : 'fails')]))}

The cost of one more contact, by least squares. Other programs on the machine disturb the processor time least.

${table(['', 'app, ms', 'to the bare', 'to the class', 'processor, ms', 'to the bare', 'to the class', 'constructs'], ALL.map(id => [
  labelOf(id), ...(['appMsPerContact', 'cpuMsPerContact'] as const).flatMap(cost =>
    [synthesis[id][cost].median.toFixed(2), times(id, cost, 'bare'), times(id, cost, 'hand-written')]),
  synthesis[id].constructsPerContact.median.toFixed(1),
]))}

${refusals.join('\n')}`.trimEnd();
}

function templateSection({ templates }: Results): string {
  const rows = [...ALL, 'ours-agnostic' as const].map(variant => {
    const { bytes, resources, functions, assets, assetBytes, most, refusal } = templates[variant];
    return [
      variant === 'ours-agnostic' ? `${labelOf('ours')}, account left open` : labelOf(variant), bytes.slope.toFixed(0), bytes.intercept.toFixed(0),
      resources.slope.toFixed(2), resources.intercept.toFixed(0), functions, assets, assetBytes, `**${most ?? '-'}**`, refusal ?? '-',
    ];
  });
  return `## 2. Template

${table(['', 'bytes per contact', 'bytes fixed', 'resources per contact', 'resources fixed', 'functions', 'assets', 'asset bytes', 'most contacts', 'one more'], rows)}

The most contacts were found by trying: the size at which a stack still passes, and the next one, at which it does not. The limits are 500 resources, 1 MB of
template, 10,240 characters of inline policies per role, 6,144 per managed policy and ten of these per role, all resolved as CloudFormation resolves them.`;
}

function callsSection({ calls: { ofOneContact, ofDelete } }: Results): string {
  return `## 3. Calls of one event

${table(['', ...EVENTS], measuredOn('calls').map(id => [labelOf(id), ...EVENTS.map(event => ofOneContact[id]?.[event].join(', ') ?? '')]))}

A Delete of this library lists the resources of its stack, 100 per call: ${ofDelete.map(({ contacts, calls }) => `${calls} calls with ${contacts} contacts`).join(', ')}.`;
}

function deploymentSection({ setting: { plan: { deployment: plan } }, deployments }: Results): string {
  const of = (operation: Operation) => operations(deployments.filter(result => result.operation === operation));
  return `## 4. Deployments

In the embedded AWS (sandbox/), with the documented quotas of an organization: Put ${textOf(QUOTAS.aws.put)}; Get ${textOf(QUOTAS.aws.get)}; Delete
${textOf(QUOTAS.aws.delete)}; in China Put ${textOf(QUOTAS.china.put)}. CloudFormation throttles too, at rates that AWS does not document: for ListStackResources,
${textOf(INFERRED_LISTING)} is assumed, which users have measured for other calls. Invocations that run at the same time have an execution environment each,
and so a client each. Seconds are those of the sandbox's clock, and include the start of the functions. The least is what the quota allows after the burst: ${
  [60, 490].map(contacts => `${leastSeconds(contacts, QUOTAS.aws.put).toFixed(1)} s to put ${contacts}`).join(', ')}, ${
  leastSeconds(490, QUOTAS.aws.delete).toFixed(0)} s to delete 490.

${labelOf('provider')} is not measured here. A failed creation is rolled back: its seconds are those until the end, and what is still set afterwards was left behind.
Where ten functions may run at once, as in a new account, Lambda delivers the other events again after 1 second to 5 minutes, as documented.

### Creation

The clock runs ${plan.timeScale} times as fast as the machine's, with ten functions at once ${2 * plan.deletionTimeScale} times.

${of('creation')}

### Update

The title of every contact of the stack is edited. The clock is that of creations.

${of('update')}

### Deletion

The whole stack is deleted. The clock runs ${plan.deletionTimeScale} times as fast as the machine's, with ten functions at once ${2 * plan.deletionTimeScale} times.

${of('deletion')}`;
}

function operations(results: OperationResult[]): string {
  return table([
    'contacts', '', 'status', 'set', 'seconds', 'to the least', 'calls of Account Management per contact', 'throttled', 'calls of CloudFormation per contact', 'throttled',
    'functions at once',
  ], results.map(({ id, contacts, note, refusal, statuses, figures, leastSeconds: least }) => {
    const label = note ? `${labelOf(id)}, ${note}` : labelOf(id);
    if (!figures) { return [contacts, label, refusal ?? '', ...Array.from({ length: 8 }, () => '')]; }
    const { min, max } = figures.set;
    const { calls, throttled, cloudFormationCalls, cloudFormationThrottled, seconds, executions } = figures;
    return [
      contacts, label, statuses.join(' or '), min === max ? min : `${min}-${max}`, spread(seconds, 1), least > 0 ? spread(over(seconds, least), 2) : '-',
      ...[calls, throttled, cloudFormationCalls, cloudFormationThrottled].map(figure => (figure.median / contacts).toFixed(1)), executions.max,
    ];
  }));
}
