/* eslint-disable @typescript-eslint/no-require-imports -- only what is measured may be loaded, when it is measured */
/**
 * Synthesizes one contender at the sizes that it is sent, one a message, and answers with the outdir: the search for the size at which it
 * breaks takes many syntheses, and nothing is timed. `node limits-child.js <contender> <directory> <sizes> [options as JSON]`.
 */
import { join } from 'path';
import { SynthesisOptions, synthesize } from './synthesis-child';
import type { Contender } from '../contenders/contender';

const [id, directory, sizes, options = '{}'] = process.argv.slice(2);
const { contender } = require(`./contenders/${id}`) as { contender: Contender };
const results = sizes.split(',').map(size => {
  const outdir = join(directory, size);
  try {
    synthesize(contender, Number(size), outdir, JSON.parse(options) as SynthesisOptions);
    return { contacts: Number(size), outdir };
  } catch (error) {
    return { contacts: Number(size), error: (error as Error).message };
  }
});
process.stdout.write(JSON.stringify(results));
