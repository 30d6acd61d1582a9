'use strict';
/**
 * Runs the test files of a mutant one after the other, the quickest first, until one fails: a mutant need not be killed twice. Jest's own `bail` ends
 * the process, so Stryker turns it off.
 */
const { default: TestRunner } = require('jest-runner');

module.exports = class FailFastRunner extends TestRunner {
  async runTests(tests, watcher, options) {
    let hasFailed = false;
    this.on('test-file-success', ([, result]) => { hasFailed ||= result.numFailingTests > 0; });
    this.on('test-file-failure', () => { hasFailed = true; });
    // A file that was never run has no duration.
    for (const test of [...tests].sort((one, other) => (one.duration ?? 0) - (other.duration ?? 0))) {
      if (hasFailed) return;
      await super.runTests([test], watcher, options);
    }
  }
};
