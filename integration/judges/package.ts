import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Copy } from './copy';
import { npmPackages, ROOT, run } from './tools';
import { manifestOf } from './versions';
import { check } from '../checks';

/** What the tarball may hold, and nothing else: each pattern must match at least one file. */
const PACKED = [
  /^lib\/(?:[\w-]+\/)*[\w-]+\.js$/, /^lib\/(?:[\w-]+\/)*[\w-]+\.d\.ts$/, /^assets\/handler\.js$/, /^\.jsii$/, /^API\.md$/, /^README\.md$/,
  /^LICENSE$/, /^CHANGELOG\.md$/, /^package\.json$/,
];

/** More would mean that something else slipped into a file: the handler's SDK, source maps. */
const MAX_UNPACKED = 1_000_000;

/** Compiles the copy, and looks at what would be published. */
export async function judgePack(copy: Copy): Promise<void> {
  // What a day's work leaves behind.
  for (const folder of ['cdk.out', 'coverage', 'test-reports', 'dist']) {
    mkdirSync(copy.path(folder), { recursive: true });
    writeFileSync(copy.path(folder, 'left-over.json'), '{}');
  }
  await copy.must('projen', 'compile');
  await copy.must('projen', 'docgen');
  const { stdout, output } = await run(copy.directory, ['npm', 'pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error']);
  type Packed = { readonly files: { readonly path: string }[]; readonly size: number; readonly unpackedSize: number };
  const answer = JSON.parse(stdout.trim() || `["${output.slice(0, 200)}"]`) as Packed[] | { readonly [name: string]: Packed };
  const { files, size, unpackedSize } = Object.values(answer)[0];
  const paths = files.map(file => file.path);
  const sources = (await copy.must('tsc', '--listFilesOnly', '-p', 'tsconfig.json')).split('\n')
    .filter(file => /\/src\//.test(file) && !file.includes('node_modules')).map(file => file.replace(/^.*\/src\/(.*)\.ts$/, 'lib/$1'));
  const modules = sources.flatMap(name => [`${name}.d.ts`, `${name}.js`]).sort();
  check(`pack: lib/ has a .js and a .d.ts of each of the ${sources.length} sources`, paths.filter(path => path.startsWith('lib/')).sort(), modules);
  check(`pack: nothing else than what belongs into the ${paths.length} files`, paths.filter(path => !PACKED.some(pattern => pattern.test(path))), []);
  check('pack: nothing is missing', PACKED.filter(pattern => !paths.some(path => pattern.test(path))).map(String), []);
  check(`pack: ${(size / 1_000).toFixed(0)} kB, unpacked ${(unpackedSize / 1_000).toFixed(0)} kB, is below the limit`, unpackedSize < MAX_UNPACKED, true);
}

interface Assembly {
  readonly types: {
    readonly [name: string]: { docs?: object; properties?: { readonly name: string; readonly type: { readonly fqn?: string } }[] };
  };
}

/** The API has no breaking change against the last release, as soon as there is one. */
export async function judgeApi(copy: Copy): Promise<void> {
  const { name } = manifestOf(ROOT);
  const found = await run(copy.directory, ['npm', 'view', name, 'version', '--loglevel=error']);
  if (/E404/.test(found.output)) {
    check('jsii-diff: no release yet, there is nothing to compare with', true, true);
  } else if (found.code !== 0) {
    check('jsii-diff: the registry tells the last release', found.output, '');
  } else {
    const difference = await copy.run('jsii-diff', `npm:${name}`, '-k', '--ignore-file', '.compatignore', '--error-on', 'all');
    check(`jsii-diff: compatible with ${found.stdout.trim()}`, { code: difference.code, output: difference.code ? difference.output : '' }, { code: 0, output: '' });
  }

  // That it compares at all: this API without one property must be refused.
  const assembly = assemblyOf(copy);
  const options = assembly.types[`${name}.AlternateContactOptions`];
  options.properties = options.properties?.filter(property => property.name !== 'overwriteExisting');
  const broken = await copy.run('jsii-diff', copy.directory, variant(copy, 'shrunk', assembly), '--error-on', 'all');
  check('jsii-diff: refuses this API without one of its properties', { code: broken.code, named: broken.output.includes('overwriteExisting') },
    { code: 1, named: true });
}

function assemblyOf(copy: Copy): Assembly {
  return JSON.parse(readFileSync(copy.path('.jsii'), 'utf8')) as Assembly;
}

/**
 * The guidelines of the AWS Construct Library, by the last awslint that was published on its own. It looks for constructs below
 * `@aws-cdk/core`, so of its rules those on props, names and docstrings judge this library, those on resource classes find none.
 */
export async function judgeGuidelines(copy: Copy): Promise<void> {
  const { name } = manifestOf(ROOT);
  const awslint = join(await npmPackages('awslint'), '.bin', 'awslint');
  // The only Duration it knows is the one of CDK 1.
  const timeout = `${name}.AlternateContactProviderProps.timeout`;
  const verdict = await run(copy.directory, [awslint, '--no-compile', '--exclude', `duration-prop-type:${timeout}`]);
  check('awslint: no finding', { code: verdict.code, output: verdict.output.trim() }, { code: 0, output: '' });
  const property = assemblyOf(copy).types[`${name}.AlternateContactProviderProps`].properties?.find(candidate => candidate.name === 'timeout');
  check('awslint: the Duration that it does not know is the one of aws-cdk-lib', property?.type.fqn, 'aws-cdk-lib.Duration');

  const assembly = assemblyOf(copy);
  assembly.types[`${name}.AlternateContactsProps`].docs = undefined;
  const broken = await run(variant(copy, 'undocumented', assembly), [awslint, '--no-compile', '--exclude', `duration-prop-type:${timeout}`]);
  check('awslint: refuses this API without one of its docstrings', {
    code: broken.code, named: broken.output.includes(`docs-public-apis:${name}.AlternateContactsProps`),
  }, { code: 1, named: true });
}

/** Makes a package whose API is another. */
function variant(copy: Copy, name: string, assembly: Assembly): string {
  const directory = copy.output(name);
  mkdirSync(directory);
  symlinkSync(copy.path('node_modules'), join(directory, 'node_modules'));
  writeFileSync(join(directory, 'package.json'), readFileSync(copy.path('package.json')));
  writeFileSync(join(directory, '.jsii'), JSON.stringify(assembly));
  return directory;
}
