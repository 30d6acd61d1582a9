import { longestAskPause, longestDeletePause, pause } from '../../lambda/pauses';

test.each([
  ['lasts six seconds for a single contact', 1, 0, 0, 6_000],
  ['lasts six seconds for a batch that is done by then', 6, 0, 0, 6_000],
  ['lasts until a larger batch can be done', 490, 0, 10_000, 480_000],
  ['lasts six seconds when the batch should be done', 60, 0, 60_000, 6_000],
  ['grows again when the batch takes longer than it should: another stack deletes too', 60, 0, 400_000, 20_000],
  ['lasts six seconds where the event waited for a function', 490, 30_001, 40_000, 6_000],
  ['lasts until the batch can be done where the event waited a moment only', 490, 30_000, 40_000, 450_000],
])('the longest pause of a Delete %s', (_, batch, waited, age, expected) => {
  expect(longestDeletePause(batch, waited, age)).toBe(expected);
});

test.each([
  ['lasts six seconds at first', 0, 6_000],
  ['lasts six seconds for a short while', 12_000, 6_000],
  ['grows with the time that it has taken', 30_000, 15_000],
  ['lasts twenty seconds at most', 400_000, 20_000],
])('the longest pause before CloudFormation is asked again %s', (_, elapsed, expected) => {
  expect(longestAskPause(elapsed)).toBe(expected);
});

test('a pause lasts for a random part of the longest', async () => {
  jest.useFakeTimers();
  jest.spyOn(Math, 'random').mockReturnValue(0.25);
  const done = jest.fn();
  void pause(8_000).then(done);
  await jest.advanceTimersByTimeAsync(1_999);
  expect(done).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(1);
  expect(done).toHaveBeenCalled();
  jest.restoreAllMocks();
  jest.useRealTimers();
});
