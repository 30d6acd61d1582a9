/*
 * The state machine that sweeps an organization does the same on moto's, ministack's and the sandbox's Step Functions, and the rules that start it
 * match the events that AWS documents.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { CONTROLS } from './organization/controls';
import { Contacts, Engine, eventsOf, ExecutionOutcome, pathOf, RemoteEngine, resultOf } from './organization/engine';
import { CANDIDATES } from './organization/events';
import { EDITED_IN_EXAMPLE, EXAMPLE } from './organization/example';
import { Account, EDITED, REGION, SOMEBODY, ORGANIZATION } from './organization/organization-setup';
import { startMinistackAndDeploy, startMotoStates } from './organization/remote-engines';
import { SandboxEngine } from './organization/sandbox-engine';
import { declared, EXECUTIONS, EXPECTED, RACING, Scenario, play } from './organization/scenario';
import { APP, synthesize, Synthesis } from './organization/synthesis';
import { verifyExposure } from './verify-story';
import { Closers, closeWorkbench, openWorkbench, Workbench } from './workbench';
import { mustRun } from '../tools/processes';

const closers: Closers = [];
let workbench: Workbench;
let synthesis: Synthesis;
beforeAll(async () => {
  workbench = await openWorkbench(REGION);
  synthesis = await synthesize(workbench);
});
afterAll(() => closeWorkbench(workbench, closers));

describe("moto's EventBridge", () => {
  let matched: string[][];
  beforeAll(async () => {
    const given = JSON.stringify({ patterns: synthesis.patterns, events: CANDIDATES.map(({ event }) => event) });
    const command = [join(workbench.bin, 'python'), join(__dirname, 'organization', 'match.py'), given];
    matched = JSON.parse(await mustRun(command, { env: workbench.env })) as string[][];
  });

  test.each(CANDIDATES.map(({ what, rules }, index) => ({ what, rules, index, expected: rules.join(' and ') || 'no rule' })))(
    'matches $expected where $what', ({ rules, index }) => expect([...matched[index]].sort()).toEqual([...rules].sort()));

  test('is given an event for each of the rules', () => {
    const used = new Set<string>(CANDIDATES.flatMap(({ rules }) => rules));
    expect(Object.keys(synthesis.patterns).filter(name => !used.has(name))).toEqual([]);
  });
});

describe('the example app, on ministack', () => {
  // As a new user would: deploy it, and look at the contacts. ministack has none of the events that start sweeps, so the test starts them.
  const { accounts, newAccount } = EXAMPLE.organization;
  let engine: RemoteEngine;
  beforeAll(async () => {
    const directory = join(workbench.directory, 'example');
    mkdirSync(directory);
    const env = { ...workbench.env, AWS_ACCESS_KEY_ID: accounts[0].id };
    engine = await startMinistackAndDeploy({ ...workbench, directory, env }, EXAMPLE, closers);
  });
  const expectContacts = async ({ status, error, cause }: ExecutionOutcome, swept: readonly Account[]) => {
    expect({ status, error, cause }).toEqual({ status: 'SUCCEEDED', error: undefined, cause: undefined });
    expect(await engine.contacts()).toEqual(declared(swept));
  };

  test('sets the contacts that it declares', async () => expectContacts(await engine.run({}), accounts));

  test('restores a contact that was edited by hand', async () => {
    await engine.putByHand([{ id: EDITED_IN_EXAMPLE.id, type: 'SECURITY', details: SOMEBODY }]);
    await expectContacts(await engine.run({}), accounts);
  });

  test('sets the contacts of a new account', async () => {
    engine.createAccount(newAccount);
    await expectContacts(await engine.run({ accountIds: [newAccount.id] }), [...accounts, newAccount]);
  });
});

describe('three engines', () => {
  let reference: SandboxEngine;
  let moto: RemoteEngine;
  let ministack: RemoteEngine;
  let stories: { readonly sandbox: Scenario; readonly moto: Scenario; readonly ministack: Scenario };
  let states: string[];
  beforeAll(async () => {
    const { definition } = synthesis;
    states = Object.keys((JSON.parse(definition) as { readonly States: object }).States);
    reference = await SandboxEngine.start(definition);
    closers.push(() => reference.close());
    const sandbox = await play(reference);
    const app = { app: APP, organization: ORGANIZATION };
    [moto, ministack] = await Promise.all([startMotoStates(workbench, definition, closers), startMinistackAndDeploy(workbench, app, closers)]);
    const [onMoto, onMinistack] = await Promise.all([play(moto), play(ministack)]);
    stories = { sandbox, moto: onMoto, ministack: onMinistack };
  });

  verifyExposure(() => [...moto.urls, ...ministack.urls]);

  test('the CDK CLI has deployed the definition to ministack that the others run', async () => {
    expect(await ministack.definition()).toBe(synthesis.definition);
  });

  describe.each(['sandbox', 'moto', 'ministack'] as const)('%s', engine => {
    test.each(Object.entries(EXPECTED))('has the declared contacts %s', (moment, expected) => {
      expect(Object.keys(expected).length).toBeGreaterThan(60);
      expect(stories[engine].contacts[moment]).toEqual(expected);
    });
  });

  describe.each(['moto', 'ministack'] as const)('%s', engine => {
    test.each(EXECUTIONS)('ends %s as the sandbox does', name => {
      expect(resultOf(stories[engine].outcomes[name])).toEqual(resultOf(stories.sandbox.outcomes[name]));
    });
  });

  // ministack's history has no events of branches and maps.
  test.each(EXECUTIONS)('ministack goes through the states of %s that the sandbox goes through', name => {
    // Whether it finds an older execution depends on milliseconds.
    const compared = states.filter(state => name !== RACING || state !== 'Stop older sweeps');
    const path = pathOf(stories.sandbox.outcomes[name], compared);
    expect(path.length).toBeGreaterThan(0);
    expect(pathOf(stories.ministack.outcomes[name], compared)).toEqual(path);
  });

  test.each(EXECUTIONS.filter(name => name !== RACING))('moto has the events of %s that the sandbox has', name => {
    expect(eventsOf(stories.moto.outcomes[name])).toEqual(eventsOf(stories.sandbox.outcomes[name]));
  });

  describe('moto, with a machine that is broken on purpose', () => {
    let expected: Swept;
    beforeAll(async () => { expected = await sweepAfterEdit(reference); });

    test.each(CONTROLS)('differs from the sandbox in $differs where the machine $what', async ({ find, replace, differs }) => {
      const broken = synthesis.definition.replace(find, () => replace);
      expect(broken).not.toBe(synthesis.definition);
      await moto.create(`broken${CONTROLS.findIndex(control => control.find === find)}`, broken);
      const actual = await sweepAfterEdit(moto);
      const parts = ({ contacts, outcome }: Swept) => ({ contacts, outcome: resultOf(outcome), history: eventsOf(outcome) });
      const [found, wanted] = [parts(actual), parts(expected)];
      expect((['contacts', 'outcome', 'history'] as const).filter(part => !isDeepStrictEqual(found[part], wanted[part]))).toEqual(differs);
    });
  });
});

interface Swept {
  readonly outcome: ExecutionOutcome;
  readonly contacts: Contacts;
}

async function sweepAfterEdit(engine: Engine): Promise<Swept> {
  await engine.putByHand([{ id: EDITED, type: 'SECURITY', details: SOMEBODY }]);
  return { outcome: await engine.run({}), contacts: await engine.contacts() };
}
