/* npm packs the right files, jsii-diff finds no breaking change of the API, and all of the API has docstrings. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyWithOldestCdk } from './workspace';
import type { Copy } from '../tools/copy';
import { manifestOf, ROOT } from '../tools/packages';

const { name } = manifestOf(ROOT);

let copy: Copy;
/** The files to be packed for the sources that the compiler reads. */
let modules: string[];
beforeAll(async () => {
  copy = await copyWithOldestCdk();
  // Leftovers of a day's work, which must not be packed.
  for (const folder of ['cdk.out', 'coverage', 'test-reports', 'dist']) {
    mkdirSync(copy.path(folder), { recursive: true });
    writeFileSync(copy.path(folder, 'left-over.json'), '{}');
  }
  await copy.must('projen', 'compile');
  const sources = (await copy.must('tsc', '--listFilesOnly', '-p', 'tsconfig.json')).split('\n')
    .filter(file => /\/src\//.test(file) && !file.includes('node_modules'));
  modules = sources.map(file => file.replace(/^.*\/src\/(.*)\.ts$/, 'lib/$1')).flatMap(module => [`${module}.d.ts`, `${module}.js`]);
});

describe('the tarball', () => {
  /** The files that it may contain. Each pattern must match at least one file. */
  const PACKED = [
    /^lib\/(?:[\w-]+\/)*[\w-]+\.js$/, /^lib\/(?:[\w-]+\/)*[\w-]+\.d\.ts$/, /^assets\/handler\.js$/, /^\.jsii$/, /^API\.md$/, /^README\.md$/,
    /^LICENSE$/, /^CHANGELOG\.md$/, /^package\.json$/,
  ];
  /** More than half of the package is JavaScript with the source maps that jsii writes into it. An SDK alone is larger than what is left. */
  const MAX_UNPACKED = 1_500_000;

  interface Tarball {
    readonly files: { readonly path: string }[];
    readonly unpackedSize: number;
  }

  async function pack(): Promise<Tarball> {
    const { stdout, output } = await copy.runCommand('npm', 'pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error');
    if (!/^[[{]/.test(stdout.trim())) { throw new Error(`npm pack: ${output.slice(0, 200)}`); }
    return Object.values(JSON.parse(stdout) as Tarball[] | { readonly [name: string]: Tarball })[0];
  }

  /** The faults of a tarball. */
  function faultsOf({ files, unpackedSize }: Tarball): string[] {
    const paths = files.map(file => file.path);
    return [
      ...modules.filter(file => !paths.includes(file)).map(file => `${file} is missing`),
      ...paths.filter(path => !PACKED.some(pattern => pattern.test(path)) || (path.startsWith('lib/') && !modules.includes(path)))
        .map(path => `${path} does not belong in it`),
      ...PACKED.filter(pattern => !paths.some(path => pattern.test(path))).map(pattern => `nothing matches ${pattern}`),
      ...unpackedSize < MAX_UNPACKED ? [] : ['is too large'],
    ];
  }

  test('holds a .js and a .d.ts of each source, the handler, the documents, and nothing else', async () => {
    expect(faultsOf(await pack())).toEqual([]);
  });

  test('is refused without the handler, without a module, or with an SDK', async () => {
    for (const file of [['assets', 'handler.js'], ['lib', 'index.js']]) { rmSync(copy.path(...file)); }
    writeFileSync(copy.path('assets', 'sdk.js'), ' '.repeat(MAX_UNPACKED));
    expect(faultsOf(await pack())).toEqual([
      'lib/index.js is missing', 'assets/sdk.js does not belong in it', 'nothing matches /^assets\\/handler\\.js$/', 'is too large',
    ]);
  });
});

interface Part {
  readonly name: string;
  readonly docs?: { readonly summary?: string };
}

/** The parts of a jsii assembly that are used here. */
interface Assembly {
  readonly types: { readonly [name: string]: { docs?: Part['docs']; properties?: Part[]; methods?: Part[]; members?: Part[] } };
}

function assembly(): Assembly {
  return JSON.parse(readFileSync(copy.path('.jsii'), 'utf8')) as Assembly;
}

/** Makes a package with another API. */
function variant(folder: string, api: Assembly): string {
  const directory = copy.output(folder);
  mkdirSync(directory);
  symlinkSync(copy.path('node_modules'), join(directory, 'node_modules'));
  writeFileSync(join(directory, 'package.json'), readFileSync(copy.path('package.json')));
  writeFileSync(join(directory, '.jsii'), JSON.stringify(api));
  return directory;
}

/** The version of the last release, which the titles of tests need. Undefined if there is none; throws if the registry does not respond. */
function lastRelease(): string | undefined {
  try {
    return execFileSync('npm', ['view', name, 'version', '--loglevel=error'], { encoding: 'utf8', stdio: 'pipe', timeout: 60_000 }).trim();
  } catch (error) {
    if (/E404/.test(String((error as { readonly stderr?: string }).stderr))) { return undefined; }
    throw error;
  }
}

describe('jsii-diff', () => {
  const release = lastRelease();
  const which = release ? `, ${release}` : ': not run, because there is no release yet';
  (release ? test : test.skip)(`finds no breaking change since the last release${which}`, async () => {
    const { code, output } = await copy.run('jsii-diff', `npm:${name}`, '-k', '--ignore-file', '.compatignore', '--error-on', 'all');
    expect({ code, output: code ? output : '' }).toEqual({ code: 0, output: '' });
  });

  test('refuses this API without one of its properties', async () => {
    const shrunk = assembly();
    const options = shrunk.types[`${name}.AlternateContactOptions`];
    options.properties = options.properties?.filter(property => property.name !== 'overwriteExisting');
    expect(await copy.run('jsii-diff', copy.directory, variant('shrunk', shrunk), '--error-on', 'all'))
      .toMatchObject({ code: 1, output: expect.stringContaining('overwriteExisting') as string });
  });
});

describe('the API', () => {
  /** The types and members without a docstring. */
  const undocumented = ({ types }: Assembly) => Object.entries(types).flatMap(([type, { docs, properties = [], methods = [], members = [] }]) => {
    const parts: Part[] = [{ name: 'itself', docs }, ...properties, ...methods, ...members];
    return parts.filter(part => part.docs?.summary === undefined).map(part => `${type}: ${part.name}`);
  });

  test('has a docstring for every type and member', () => {
    expect(Object.keys(assembly().types).length).toBeGreaterThan(10);
    expect(undocumented(assembly())).toEqual([]);
  });

  test('is refused without a docstring', () => {
    const shrunk = assembly();
    shrunk.types[`${name}.AlternateContactsProps`].docs = undefined;
    expect(undocumented(shrunk)).toEqual([`${name}.AlternateContactsProps: itself`]);
  });
});
