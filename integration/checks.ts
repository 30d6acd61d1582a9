import { isDeepStrictEqual } from 'node:util';

let passed = 0;
let failed = 0;

/** Counts and prints whether a value is what was expected. */
export function check(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) {
    passed += 1;
    console.log(`ok - ${what}`);
  } else {
    failed += 1;
    console.log(`not ok - ${what}\n  expected ${JSON.stringify(expected)}\n  got      ${JSON.stringify(actual)}`);
  }
}

/** Prints the counts, and returns the exit code. */
export function conclude(): number {
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
