/*
 * Starts the longest files of tests first. On a new machine jest knows no durations and goes by the size of the files, which says little about those
 * that start programs of others: it would begin the longest last, and leave a core idle at the end.
 */
const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that take more than half a minute, the longest first. All others follow in jest's own order. */
const LONGEST = [
  'engines/organization.verify', 'proof/proof.test', 'languages/java.verify', 'proof/load.test', 'engines/try-aws.verify', 'engines/moto.verify',
  'engines/sandbox.verify', 'languages/go.verify', 'languages/python.verify', 'judges/templates.verify', 'judges/cdk-versions.verify',
  'languages/typescript.verify', 'proof/breaks.test', 'proof/limits.test', 'proof/organization/generated.test', 'ci/release.test',
];

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => (LONGEST.findIndex(file => path.endsWith(`verification/${file}.ts`)) + LONGEST.length + 1) % (LONGEST.length + 1);
    return [...super.sort(tests)].sort((one, other) => rank(one) - rank(other));
  }
};
