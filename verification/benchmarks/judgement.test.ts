import { caveat } from './goals';
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
