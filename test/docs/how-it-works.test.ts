import { blocksOf, quotedIn, read, rowsOf } from './markdown';
import { OWN, useHarness } from '../lambda/harness';

const DOCUMENT = read('docs/how-it-works.md');
const harness = useHarness();

interface LogLine { readonly action: string; readonly Reason?: string }

/** The lines that the document shows, by action. */
const shown = new Map(blocksOf(DOCUMENT).filter(({ language }) => language === 'json').flatMap(({ code }) => code.trim().split('\n'))
  .map(line => JSON.parse(line) as LogLine).map(line => [line.action, line]));

const EVENTS: { readonly [action: string]: Parameters<typeof harness.deliver> } = {
  put: [{ RequestType: 'Create' }],
  deleted: [{ RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` }],
  kept: [{ RequestType: 'Delete', PhysicalResourceId: `${OWN}/SECURITY`, LogicalResourceId: 'Renamed' }],
  nothing: [{ RequestType: 'Delete', PhysicalResourceId: 'not-created' }],
  failed: [{ RequestType: 'Create' }, { EmailAddress: 'nobody' }],
};

test.each(Object.keys(EVENTS))('an event can end with the action "%s"', async action => {
  await harness.deliver(...EVENTS[action]);
  expect(harness.logged.action).toBe(action);
});

test('it explains every action', () => {
  expect(rowsOf(DOCUMENT, '`action`', 'what happened').flatMap(row => quotedIn(row['`action`']))).toEqual(Object.keys(EVENTS));
});

test.each(['put', 'kept', 'failed'])('the line that it shows for "%s" has the members of one that the function writes, in their order', async action => {
  await harness.deliver(...EVENTS[action]);
  expect(Object.keys(shown.get(action) ?? {})).toEqual(Object.keys(harness.logged));
});
