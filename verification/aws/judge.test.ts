import { Chapter, CHAPTERS } from './chapters';
import { TYPES } from './contacts';
import { judge, Seen, storedAs } from './judge';

/** What AWS has after a chapter if all is well. */
function asExpected({ status, contacts, events = [] }: Chapter): Seen {
  return {
    status,
    contacts: Object.fromEntries(TYPES.filter(type => storedAs(contacts, type)).map(type => [type, storedAs(contacts, type)])),
    lines: ['START', ...events.map(event => {
      const [, RequestType, LogicalResourceId, action] = /^(\w+) (\w+): (\w+)$/.exec(event) as unknown as string[];
      return JSON.stringify({ RequestType, LogicalResourceId, action });
    })],
  };
}

const differences = (chapter: Chapter, seen: Seen) => judge(chapter, seen).differences;
const OTHER = { Name: 'Somebody', EmailAddress: 'somebody@example.org' };

test('each check is that of one chapter', () => {
  const checks = CHAPTERS.map(({ check }) => check);
  expect(new Set(checks).size).toBe(checks.length);
});

describe.each(CHAPTERS)('after "$check"', chapter => {
  const seen = asExpected(chapter);

  test('nothing differs if all is as expected', () => {
    expect(differences(chapter, seen)).toEqual([]);
  });

  test('another status differs', () => {
    const status = 'UPDATE_ROLLBACK_FAILED';
    expect(differences(chapter, { ...seen, status })).toEqual([expect.stringMatching(`the stack is ${status}, not `)]);
  });

  test.each(TYPES)('a contact for %s that is missing, another one, or should not be there differs', type => {
    const { [type]: expected, ...others } = seen.contacts;
    const [without, another] = [others, { ...others, [type]: OTHER }].map(contacts => differences(chapter, { ...seen, contacts }));
    expect(without).toEqual(expected ? [`the contact for ${type} is missing`] : []);
    expect(another).toEqual([`the contact for ${type} is ${expected ? 'another one' : 'there'}`]);
  });

  test('a value of a contact in the log differs', () => {
    const lines = [...seen.lines, 'sent to soc@example.com'];
    expect(differences(chapter, { ...seen, lines })).toEqual(['the log of the function contains a value of a contact']);
  });
});

// The log is deleted with the stack.
describe.each(CHAPTERS.filter(({ events }) => events))('the events of "$check"', chapter => {
  const seen = asExpected(chapter);

  test('differ if there is one too many', () => {
    const event = '{"RequestType":"Delete","LogicalResourceId":"Other","action":"deleted"}';
    expect(differences(chapter, { ...seen, lines: [...seen.lines, event] })).toEqual(['an event "Delete Other: deleted"']);
  });

  test('differ if one is missing', () => {
    for (const line of seen.lines.slice(1)) {
      const left = seen.lines.filter((_, index) => index !== seen.lines.indexOf(line));
      expect(differences(chapter, { ...seen, lines: left })).toEqual([expect.stringMatching(/^no event "/)]);
    }
    expect(seen.lines.length).toBe((chapter.events as string[]).length + 1);
  });
});
