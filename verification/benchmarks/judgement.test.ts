import type { OperationResult } from './deployment';
import { caveat, deploymentGoals } from './goals';
import { leastSeconds, QUOTAS } from './quota';
import { figure, spread } from './statistics';

describe('the least that a quota allows', () => {
  test.each([
    ['60 contacts are created', 60, QUOTAS.aws.put, 10.4],
    ['490 contacts are created', 490, QUOTAS.aws.put, 96.4],
    ['490 contacts are deleted', 490, QUOTAS.aws.delete, 484],
    ['8 contacts are created, which the burst holds', 8, QUOTAS.aws.put, 0],
  ])('leaves out the burst when %s', (_, contacts, quota, seconds) => {
    expect(leastSeconds(contacts, quota)).toBeCloseTo(seconds, 6);
  });
});

describe('a comparison', () => {
  test('has the same caveat in both directions', () => {
    const [less, more] = [figure([1, 5, 9]), figure([2, 6, 10])];
    expect(caveat(less, more)).toBe('; the ranges overlap: this order may be chance');
    expect(caveat(more, less)).toBe(caveat(less, more));
    expect(caveat(less, figure([10, 11]))).toBe('; the ranges do not overlap');
  });

  test('says nothing about ranges if one of the two ran once', () => {
    expect(caveat(figure([1]), figure([2, 3, 4]))).toBe('');
    expect(spread(figure([1.25]), 1)).toBe('1.3 (1 run)');
    expect(spread(figure([1, 2, 3]))).toBe('2 (1-3)');
  });
});

describe('the reason for a deletion that takes too long', () => {
  const deleted = (cloudFormationThrottled: number): OperationResult => ({
    id: 'ours',
    operation: 'deletion',
    contacts: 490,
    leastSeconds: 484,
    statuses: ['DELETE_COMPLETE'],
    figures: {
      seconds: figure([535]),
      set: figure([0]),
      calls: figure([980]),
      throttled: figure([490]),
      cloudFormationCalls: figure([980 + cloudFormationThrottled]),
      cloudFormationThrottled: figure([cloudFormationThrottled]),
      executions: figure([490]),
    },
  });
  const reasonOf = (throttled: number) => deploymentGoals(deleted(throttled))[0].reason;

  test('names what CloudFormation refused', () => {
    expect(reasonOf(2_940)).toContain('CloudFormation refused 6.0 of 8.0 calls per contact');
  });

  test('does not blame CloudFormation if it refused nothing', () => {
    expect(reasonOf(0)).toContain('CloudFormation refused none of the 2.0 calls per contact');
    expect(reasonOf(0)).not.toContain('assumed');
  });
});
