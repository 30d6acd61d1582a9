import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Copy } from './copy';
import { npmPackages, ROOT, run } from './tools';
import { manifestOf } from './versions';
import { check, skip } from '../tools/checks';

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
  const sources = (await copy.must('tsc', '--listFilesOnly', '-p', 'tsconfig.json')).split('\n')
    .filter(file => /\/src\//.test(file) && !file.includes('node_modules')).map(file => file.replace(/^.*\/src\/(.*)\.ts$/, 'lib/$1'));
  const modules = sources.flatMap(name => [`${name}.d.ts`, `${name}.js`]);
  const packed = await pack(copy);
  check(`pack: the tarball (${(packed.size / 1_000).toFixed(0)} kB) holds a .js and a .d.ts of each of the ${sources.length} sources, and what else it should`,
    faultsOf(packed, modules), []);

  // A tarball without the handler, without a module, with what does not belong into it, and too large.
  for (const file of [['assets', 'handler.js'], ['lib', 'index.js']]) rmSync(copy.path(...file));
  writeFileSync(copy.path('assets', 'sdk.js'), ' '.repeat(MAX_UNPACKED));
  check('pack: a tarball without the handler and a module, and with an SDK, is refused', faultsOf(await pack(copy), modules), [
    'lib/index.js is missing', 'assets/sdk.js does not belong into it', 'nothing matches /^assets\\/handler\\.js$/', 'is too large',
  ]);
  rmSync(copy.path('assets', 'sdk.js'));
  await copy.must('projen', 'bundle');
  await copy.must('projen', 'compile');
}

interface Tarball {
  readonly files: { readonly path: string }[];
  readonly size: number;
  readonly unpackedSize: number;
}

async function pack(copy: Copy): Promise<Tarball> {
  const { stdout, output } = await run(copy.directory, ['npm', 'pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error']);
  if (!/^[[{]/.test(stdout.trim())) throw new Error(`npm pack: ${output.slice(0, 200)}`);
  return Object.values(JSON.parse(stdout) as Tarball[] | { readonly [name: string]: Tarball })[0];
}

/** What is wrong with a tarball that has to hold these modules. */
function faultsOf({ files, unpackedSize }: Tarball, modules: string[]): string[] {
  const paths = files.map(file => file.path);
  return [
    ...modules.filter(file => !paths.includes(file)).map(file => `${file} is missing`),
    ...paths.filter(path => !PACKED.some(pattern => pattern.test(path)) || (path.startsWith('lib/') && !modules.includes(path)))
      .map(path => `${path} does not belong into it`),
    ...PACKED.filter(pattern => !paths.some(path => pattern.test(path))).map(pattern => `nothing matches ${pattern}`),
    ...unpackedSize < MAX_UNPACKED ? [] : ['is too large'],
  ];
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
    skip('jsii-diff: compatible with the last release', 'there is no release yet');
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
