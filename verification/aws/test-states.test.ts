import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { requestFor, testStates } from './test-states';
import { Visits, visitsInSandbox } from './visits';

/*
 * What npx projen try:aws makes of the answers of TestState. verification/engines/try-aws.verify.ts has AWS's models decide whether the requests are
 * valid.
 */
type Answer = { readonly status: string; readonly output?: string; readonly nextState?: string };

let visits: Visits;
let server: Server;
let answerTo: (request: string) => Answer;
let asked: string[];
/** What AWS answers if it does the same as the sandbox, by request. */
const right = new Map<string, Answer>();

beforeAll(async () => {
  visits = await visitsInSandbox();
  for (const visit of visits.visits) {
    const isCaught = visit.bindings.states.errorOutput !== undefined;
    right.set(JSON.stringify(requestFor(visit, visits.definition)),
      { status: isCaught ? 'CAUGHT_ERROR' : 'SUCCEEDED', output: JSON.stringify(visit.output ?? null), nextState: visit.next });
  }
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => { text += chunk.toString(); }).on('end', () => {
      asked.push(text);
      response.end(JSON.stringify(answerTo(text)));
    });
  });
  await new Promise<void>(listening => { server.listen(0, '127.0.0.1', listening); });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b',
  });
});
afterAll(() => new Promise(closed => { server.close(closed); }));
beforeEach(() => { asked = []; });

/** The answer of an AWS that does the same. Requests are compared as JSON: the SDK orders their members. */
const same = (text: string): Answer => {
  const found = [...right].find(([request]) => JSON.stringify(sorted(JSON.parse(request))) === JSON.stringify(sorted(JSON.parse(text))));
  return found?.[1] ?? { status: 'FAILED' };
};
const sorted = (value: object) => Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
const run = () => testStates({ region: 'us-east-1' }, visits);

test('nothing differs if AWS does the same as the sandbox', async () => {
  answerTo = same;
  const { answer, differences } = await run();
  expect(differences).toEqual([]);
  expect(asked.length).toBeGreaterThan(50);
  expect(answer).toMatch(`${asked.length} steps, `);
});

test('maps, branches, calls that succeed and a caught error are among the steps', () => {
  const types = visits.visits.map(({ state, bindings }) => `${state.type}${bindings.states.errorOutput === undefined ? '' : ', caught'}`);
  expect(new Set(types)).toEqual(new Set(['Pass', 'Choice', 'Task', 'Task, caught', 'Map', 'Parallel', 'Wait', 'Succeed']));
});

test.each<[string, (answer: Answer) => Answer, RegExp]>([
  ['another next state', answer => ({ ...answer, nextState: 'elsewhere' }), /goes to elsewhere, in the sandbox to/],
  ['a failure', () => ({ status: 'FAILED' }), /FAILED with/],
  ['a call that AWS would try again', () => ({ status: 'RETRIABLE' }), /RETRIABLE with/],
])('%s differs', async (_, change, difference) => {
  answerTo = text => change(same(text));
  const { differences } = await run();
  expect(differences.length).toBe(asked.length);
  expect(differences.filter(text => !difference.test(text))).toEqual([]);
});

test('another output differs, except where it is another one each time', async () => {
  answerTo = text => ({ ...same(text), output: '"another"' });
  const { differences } = await run();
  expect(differences.length).toBeGreaterThan(40);
  expect(differences.length).toBeLessThan(asked.length);
  expect(differences.filter(text => !text.endsWith('has another output'))).toEqual([]);
});
