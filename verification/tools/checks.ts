import { writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

let passed = 0;
let failed = 0;
let skipped = 0;

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

/** Counts and prints what could not be checked, and why. */
export function skip(what: string, reason: string): void {
  skipped += 1;
  console.log(`skipped - ${what}: ${reason}`);
}

/** Prints the counts, and returns the exit code. */
export function conclude(): number {
  return report(passed, failed, skipped);
}

/** Prints counts, writes them to the file that CI names, in the form of jest's --json, and returns the exit code. */
export function report(numPassedTests: number, numFailedTests: number, numPendingTests = 0): number {
  console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
  if (process.env.REPORT) {
    writeFileSync(process.env.REPORT, JSON.stringify({ numPassedTests, numFailedTests, numPendingTests, numTodoTests: 0 }));
  }
  return numFailedTests === 0 && numPassedTests > 0 ? 0 : 1;
}
