import { join } from 'node:path';
import { breakMachine } from './controls';
import { differences, eventsOf, outcomeOf, pathOf } from './differences';
import { CANDIDATES } from './events';
import { deployExample } from './example';
import { Closers, startMinistackAndDeploy, startMoto } from './remote-engines';
import { SandboxEngine } from './sandbox-engine';
import { EXPECTED, RACING, Story, tell } from './story';
import { APP, synthesize, Synthesis } from './synthesis';
import { WORLD } from './world';
import { check } from '../../tools/checks';
import { mustRun } from '../../tools/processes';
import type { Tools } from '../tools';

/** Compares what the engines do with the machine of one app, and asks moto which events its rules are for. */
export async function compareEngines(tools: Tools, closers: Closers): Promise<void> {
  const { definition, patterns } = await synthesize(tools);
  await judgePatterns(tools, patterns);
  const reference = new SandboxEngine(definition);
  const sandbox = await tell(reference);
  const [moto, ministack] = await Promise.all([
    startMoto(tools, definition, closers), startMinistackAndDeploy(tools, { app: APP, world: WORLD }, closers),
  ]);
  check('ministack: the CDK CLI has deployed the definition that the others run', await ministack.definition() === definition, true);
  const [onMoto, onMinistack] = await Promise.all([tell(moto), tell(ministack), deployExample(tools, closers)]);
  compareContacts({ sandbox, moto: onMoto, ministack: onMinistack });
  compareOutcomes(sandbox, { moto: onMoto, ministack: onMinistack }, Object.keys((JSON.parse(definition) as { readonly States: object }).States));
  await breakMachine(moto, reference, definition);
}

async function judgePatterns({ bin, env }: Tools, patterns: Synthesis['patterns']): Promise<void> {
  const given = JSON.stringify({ patterns, events: CANDIDATES.map(({ event }) => event) });
  const matched = JSON.parse(await mustRun([join(bin, 'python'), join(__dirname, 'match.py'), given], env)) as string[][];
  CANDIDATES.forEach(({ what, rules }, index) => {
    check(`patterns: where ${what}, moto matches ${rules.join(' and ') || 'no rule'}`, [...matched[index]].sort(), [...rules].sort());
  });
  const used = new Set(CANDIDATES.flatMap(({ rules }) => rules));
  check('patterns: there is an event for each of the rules', Object.keys(patterns).filter(name => !used.has(name as never)), []);
}

function compareContacts(stories: { readonly [engine: string]: Story }): void {
  for (const [engine, { contacts }] of Object.entries(stories)) {
    for (const [moment, expected] of Object.entries(EXPECTED)) {
      const count = Object.keys(expected).length;
      check(`${engine}: the ${count} contacts are those that are declared, ${moment}`, differences(contacts[moment], expected), {});
    }
  }
}

function compareOutcomes(sandbox: Story, stories: { readonly moto: Story; readonly ministack: Story }, states: readonly string[]): void {
  for (const [name, expected] of Object.entries(sandbox.outcomes)) {
    for (const [engine, { outcomes: { [name]: actual } }] of Object.entries(stories)) {
      check(`${engine}: ${name} has the outcome that it has on the sandbox, ${expected.status}`, differences(outcomeOf(actual), outcomeOf(expected)), {});
    }
    const path = pathOf(expected, states);
    // ministack's history has no events of branches and maps.
    check(`ministack: ${name} goes through the ${path.length} states that it goes through on the sandbox`,
      pathOf(stories.ministack.outcomes[name], states), path);
    if (name === RACING) continue;
    check(`moto: ${name} has the ${expected.events.length} events that it has on the sandbox`,
      differences(eventsOf(stories.moto.outcomes[name]), eventsOf(expected)), {});
  }
}
