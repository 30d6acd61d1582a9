import type { OperationResult } from './deployment';
import { againstLeast, caveat, deletionGoals } from './goals';
import { PausePolicy, simulate } from './pauses';
import { creation, deletion, OURS } from './policies';
import { leastSeconds, QUOTAS } from './quota';
import { spread } from './report';
import { figure } from './statistics';

describe('the least that a quota takes', () => {
  test.each([
    ['60 contacts are created', 60, QUOTAS.aws.put, 10.4],
    ['490 contacts are created', 490, QUOTAS.aws.put, 96.4],
    ['490 contacts are deleted', 490, QUOTAS.aws.delete, 484],
    ['8 contacts are created, which the bucket holds', 8, QUOTAS.aws.put, 0],
  ])('counts what goes at once when %s', (_, contacts, quota, seconds) => {
    expect(leastSeconds(contacts, quota)).toBeCloseTo(seconds, 6);
  });
});

describe('a comparison', () => {
  const text = (value: number) => `${value} ms`;
  const rival = (label: string, ...values: number[]) => ({ label, range: figure(values) });

  test('is reached by the least', () => {
    expect(againstLeast(figure([3, 4, 5]), [rival('one', 7, 8, 9), rival('other', 6, 7, 8)], text)).toEqual({ found: '4 ms; other 7 ms; the ranges are apart', reached: true });
  });

  test('is reached by one that is level with the least', () => {
    expect(againstLeast(figure([3, 4, 5]), [rival('one', 3, 4, 5)], text)).toEqual({
      found: '4 ms; one 4 ms; the ranges overlap: that order may be chance', reached: true,
    });
  });

  test('is missed if any is less, and names all that are', () => {
    expect(againstLeast(figure([8, 9, 10]), [rival('one', 1, 2, 3), rival('other', 7, 8, 9), rival('last', 20, 21, 22)], text)).toEqual({
      found: '9 ms; one 2 ms, other 8 ms; the ranges overlap with other: that order may be chance', reached: false,
    });
  });

  test('has the same caveat whoever is ahead', () => {
    const [less, more] = [figure([1, 5, 9]), figure([2, 6, 10])];
    expect(caveat(less, [{ label: 'other', range: more }])).toBe('; the ranges overlap: that order may be chance');
    expect(caveat(more, [{ label: 'other', range: less }])).toBe(caveat(less, [{ label: 'other', range: more }]));
  });

  test('says nothing of ranges where one of the two ran once', () => {
    expect(caveat(figure([1]), [rival('other', 2, 3, 4)])).toBe('');
    expect(spread(figure([1.25]), 1)).toBe('1.3 (1 run)');
    expect(spread(figure([1, 2, 3]))).toBe('2 (1-3)');
  });
});

describe('the reason for a deletion that takes too long', () => {
  const deleted = (cloudFormationThrottled: number): OperationResult => ({
    id: 'ours',
    contacts: 490,
    leastSeconds: 484,
    seconds: figure([535]),
    ratio: figure([535 / 484]),
    calls: figure([980]),
    throttled: figure([490]),
    cloudFormationCalls: figure([980 + cloudFormationThrottled]),
    cloudFormationThrottled: figure([cloudFormationThrottled]),
    runs: [],
  });
  const whyOf = (refused: number) => deletionGoals('', deleted(refused), [])[0].why;

  test('names what CloudFormation refused', () => {
    expect(whyOf(2_940)).toContain('CloudFormation, which refused 6.0 of 8.0 calls per contact');
  });

  test('does not blame CloudFormation where it refused nothing', () => {
    expect(whyOf(0)).toContain('CloudFormation refused none of the 2.0 calls per contact');
    expect(whyOf(0)).not.toContain('guess');
  });
});

describe('the simulation of pauses', () => {
  const failed = (contacts: number) => simulate(OURS, { ...deletion(contacts / 2), stacks: 2 }).failed;

  test('finds that 850 Deletes in two stacks end within the 15 minutes of a function, and 950 do not', () => {
    expect(failed(850).max).toBe(0);
    expect(failed(950).min).toBeGreaterThan(0);
  });

  test('never takes less than the quotas, and finds how close this library comes', () => {
    expect(simulate(OURS, creation(490)).ratio).toEqual(expect.objectContaining({ min: expect.closeTo(1.03, 1), max: expect.closeTo(1.03, 1) }));
    expect(simulate(OURS, deletion(490)).ratio?.min).toBeGreaterThanOrEqual(1);
  });

  test('gives up a step that a function can do without, and no other', () => {
    const patient: PausePolicy = { family: '', label: '', pause: () => 6 };
    const none = { rate: 0, burst: 0 };
    expect(simulate(patient, { contacts: 1, steps: [{ quota: none, within: 90 }] }))
      .toMatchObject({ failed: { max: 0 }, seconds: { max: expect.closeTo(80, -1) } });
    expect(simulate(patient, { contacts: 1, steps: [{ quota: none }] })).toMatchObject({ failed: { min: 1 } });
  });

  test('lets an event wait in the queue where no function is free, and fails what CloudFormation no longer waits for', () => {
    const wide = { rate: 1e6, burst: 1e6 };
    const busy: PausePolicy = { family: '', label: '', pause: () => 1 };
    const alone = simulate(busy, { contacts: 20, steps: [{ quota: wide }], concurrency: 1 });
    expect(alone.failed.max).toBe(0);
    expect(alone.seconds.min).toBeGreaterThan(2);
    // Each function takes its 15 minutes: the third finds that nobody waits any more.
    const stuck = simulate(busy, { contacts: 3, steps: [{ quota: { rate: 0, burst: 0 } }], concurrency: 1 });
    expect(stuck.failed.min).toBe(3);
  });

  test('finds that refused calls which take a token keep the bucket empty', () => {
    const deletions = (refusedTakesToken: boolean) => simulate(OURS, { ...deletion(490), refusedTakesToken }).failed;
    expect(deletions(false).max).toBe(0);
    expect(deletions(true).min).toBeGreaterThan(100);
  });
});
