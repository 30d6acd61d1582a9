/**
 * Synthesizes one contender at the sizes that it is given, and prints the outdirs: the search for the size at which it
 * breaks takes many syntheses, and nothing is timed. `node capacity-child.js <contender> <directory> <sizes> [options as JSON]`.
 */
import { join } from 'node:path';
import { SynthesisOptions, synthesize } from './synthesis-child';
import { ContenderId, load } from '../contenders/contender';

const [id, directory, sizes, options = '{}'] = process.argv.slice(2);
const contender = load(id as ContenderId);
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
