/* Turns TypeScript into what jest runs, with esbuild. It checks no types: `npx projen type-check` does. */
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { transformSync, version } = require('esbuild');

const OPTIONS = {
  loader: 'ts',
  format: 'cjs',
  target: 'node20',
  sourcemap: true,
  // Of tsconfig.json, what changes the code.
  tsconfigRaw: { compilerOptions: { target: 'ES2022', experimentalDecorators: true } },
};
const SELF = readFileSync(__filename, 'utf8');

module.exports = {
  process: (source, path) => transformSync(source, { ...OPTIONS, sourcefile: path }),
  getCacheKey: (source, path) => [source, path, SELF, version].reduce((hash, part) => hash.update(part).update('\0'), createHash('sha256')).digest('hex'),
};
