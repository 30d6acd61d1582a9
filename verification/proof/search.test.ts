import { positiveIntegers, weaknessOf } from './search';

describe('a search proves little', () => {
  test.each([
    ['of nothing', 0, {}],
    ['in which everything fails', 10, { ROLLBACK_COMPLETE: 20, UPDATE_ROLLBACK_COMPLETE: 20, CREATE_COMPLETE: 10 }],
    ['in which nothing fails', 10, { CREATE_COMPLETE: 10, UPDATE_COMPLETE: 20, ROLLBACK_COMPLETE: 5 }],
    ['in which stacks get stuck', 10, { CREATE_COMPLETE: 20, UPDATE_ROLLBACK_FAILED: 20 }],
  ])('%s', (_, sequences, statuses) => {
    expect(weaknessOf({ sequences, statuses: new Map(Object.entries(statuses)) })).toMatch(/prove little/);
  });

  test('unless more deployments than sequences succeed, and more than half as many are rolled back', () => {
    const statuses = { CREATE_COMPLETE: 5, UPDATE_COMPLETE: 5, DELETE_COMPLETE: 1, ROLLBACK_COMPLETE: 3, UPDATE_ROLLBACK_COMPLETE: 3 };
    expect(weaknessOf({ sequences: 10, statuses: new Map(Object.entries(statuses)) })).toBeUndefined();
  });
});

test('numbers are read one by one', () => {
  expect(positiveIntegers('--seeds', '1,20')).toEqual([1, 20]);
});

test.each(['', 'abc', '0', '-1', '1.5', '1,', '1, 2', '1e3', 'NaN'])('%j is not a number of sequences', text => {
  expect(() => positiveIntegers('--sequences', text)).toThrow(`--sequences must be positive integers; got ${text}`);
});
