import { checkPattern, matches } from '../../../sandbox/events/pattern';

describe('an event pattern', () => {
  const event = { source: 'aws.x', detail: { name: 'Move', list: ['a', 'b'], deep: { id: 'one' }, code: 0, text: 'Hello' } };
  test.each<[object, boolean]>([
    [{ source: ['aws.x'] }, true],
    [{ source: ['aws.y', 'aws.x'] }, true],
    [{ source: ['aws.y'] }, false],
    [{ source: ['aws.x'], detail: { name: ['Create'] } }, false],
    [{ detail: { list: ['b'] } }, true],
    [{ detail: { list: ['c'] } }, false],
    [{ detail: { deep: { id: ['one'] } } }, true],
    [{ detail: { deep: { missing: ['one'] } } }, false],
    [{ detail: { missing: { id: ['one'] } } }, false],
    [{ detail: { code: [0] } }, true],
    [{ detail: { code: ['0'] } }, false],
    [{ detail: { errorCode: [{ exists: false }] } }, true],
    [{ detail: { name: [{ exists: false }] } }, false],
    [{ detail: { name: [{ exists: true }] } }, true],
    [{ detail: { missing: { id: [{ exists: false }] } } }, true],
    [{ detail: { name: [{ prefix: 'Mo' }] } }, true],
    [{ detail: { name: [{ suffix: 've' }] } }, true],
    [{ detail: { name: [{ prefix: 've' }] } }, false],
    [{ detail: { name: [{ 'anything-but': 'Create' }] } }, true],
    [{ detail: { name: [{ 'anything-but': ['Create', 'Move'] }] } }, false],
    [{ detail: { text: [{ 'anything-but': { prefix: 'Hell' } }] } }, false],
    [{ detail: { missing: [{ 'anything-but': 'x' }] } }, false],
    [{ detail: { text: [{ 'equals-ignore-case': 'hELLO' }] } }, true],
  ])('%j matches the event: %s', (pattern, expected) => {
    checkPattern(pattern);
    expect(matches(pattern, event)).toBe(expected);
  });

  test.each([{}, { source: 'aws.x' }, { source: [] }, { source: [{ numeric: ['>', 1] }] }, { source: [{ wildcard: '*' }] }, { detail: { $or: [{ a: ['b'] }] } }])('%j is refused', pattern => {
    expect(() => checkPattern(pattern)).toThrow();
  });
});
