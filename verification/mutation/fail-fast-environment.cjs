'use strict';
/** Skips what is left of a test file when one of its tests has failed. */
const { TestEnvironment } = require('jest-environment-node');

module.exports = class FailFastEnvironment extends TestEnvironment {
  #hasFailed = false;

  async handleTestEvent({ name, test }) {
    if (name === 'test_done' && test.errors.length > 0) this.#hasFailed = true;
    if (name === 'test_start' && this.#hasFailed) test.mode = 'skip';
  }

  /** A mutant may try again for ever: without timers it ends with its file, and does not slow the next mutants down. */
  async teardown() {
    this.global.setTimeout = () => undefined;
    await super.teardown();
  }
};
