import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RULES } from '../../src/private/contract';
import { manifestOf, ROOT } from '../tools/packages';
import { cleanEnvironment, endAll, Environment, mustRun, Result, run } from '../tools/processes';

export const manifest = manifestOf(ROOT);

/** A temporary folder outside of the tree: an app must not find the library's node_modules in a parent folder. */
const work = mkdtempSync(join(tmpdir(), 'languages-'));
/** The packages, with a folder for each target of jsii-pacmak. */
export const PACKAGES = join(work, 'packages');
/** A new Maven repository, so that no earlier build of the same version is found. */
export const MAVEN = join(work, 'maven');

afterAll(async () => {
  await endAll();
  rmSync(work, { recursive: true, force: true });
});

/** An example app in one of the languages. */
export interface ExampleApp {
  /** Its folder in examples/. */
  readonly language: string;
  /** The target of jsii-pacmak, with its options. */
  readonly pack: string[];
  /** The file that declares the contacts. */
  readonly source: string;
  /** Matches the output of an app that ends with an exception. */
  readonly exception: RegExp;
  /** Installs the packed library and the app's other dependencies. Returns the variables that the app needs in its environment. */
  install(folder: string): Promise<Environment>;
}

/** An example app with the library that it was installed with. */
export interface InstalledApp {
  readonly folder: string;
  readonly env: Environment;
}

/** Packs the library as a release does. */
export async function pack(target: string, ...options: string[]): Promise<void> {
  if (!existsSync(join(ROOT, '.jsii'))) { throw new Error('the library must be compiled first: npx projen compile'); }
  mkdirSync(PACKAGES, { recursive: true });
  const pacmak = join(ROOT, 'node_modules', '.bin', 'jsii-pacmak');
  await mustRun([pacmak, '--targets', target, '--outdir', PACKAGES, '--npmignore=false', ...options, '--', ROOT], { cwd: ROOT, minutes: 10 });
}

/** Runs a command that must succeed in the folder of an app. */
export function mustRunIn(cwd: string, command: string[], env: Environment = {}): Promise<string> {
  return mustRun(command, { cwd, env: { ...cleanEnvironment(), ...env }, minutes: 10 });
}

/** Replaces the version of the library, which must be in the file: otherwise the example would be tested with another library. */
export function pin(file: string, pattern: RegExp, replacement: string): void {
  const text = readFileSync(file, 'utf8');
  if (!pattern.test(text)) { throw new Error(`${file} must name the library: found nothing that matches ${pattern}`); }
  writeFileSync(file, text.replace(pattern, () => replacement));
}

/** The stacks of the example. */
export const STACKS = ['AlternateContacts', 'OrganizationContacts', 'OrganizationEvents'] as const;
const VALID = 'security@example.com';
const INVALID = 'nobody';
const MESSAGE = `${STACKS[0]}/Security: emailAddress must be ${RULES.EmailAddress.requirement}; got "${INVALID}"`;

function copyExample(language: string, name = language): string {
  const folder = join(work, name);
  cpSync(join(ROOT, 'examples', language), folder, { recursive: true, filter: path => !/[\\/](node_modules|\.venv|target|cdk\.out)$/.test(path) });
  return folder;
}

/** Reads the templates of stacks as text. */
export function templatesIn(out: string, stacks: readonly string[] = STACKS): string[] {
  return stacks.map(stack => readFileSync(join(out, `${stack}.template.json`), 'utf8'));
}

/** Runs an app as the CDK CLI does: the command of its cdk.json, with the output folder in a variable. */
function synthesize(folder: string, env: Environment, out: string): Promise<Result> {
  const { app } = JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8')) as { app: string };
  return run(app, { cwd: folder, env: { ...cleanEnvironment(), ...env, CDK_OUTDIR: join(folder, out) }, minutes: 10 });
}

let reference: Promise<string[]> | undefined;

/** The templates of the TypeScript app with the compiled library of the tree, neither packed nor translated. */
export function referenceTemplates(): Promise<string[]> {
  reference ??= makeReference();
  return reference;
}

async function makeReference(): Promise<string[]> {
  const folder = copyExample('typescript', 'reference');
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  symlinkSync(ROOT, join(modules, manifest.name));
  for (const name of ['aws-cdk-lib', 'constructs']) { symlinkSync(join(ROOT, 'node_modules', name), join(modules, name)); }
  await mustRunIn(folder, [join(ROOT, 'node_modules', '.bin', 'tsx'), 'app.ts'], { CDK_OUTDIR: join(folder, 'cdk.out') });
  return templatesIn(join(folder, 'cdk.out'));
}

/**
 * Packs the library for a language, installs it in the example app of that language as a user does, and compares the templates.
 *
 * @returns how the tests reach the installed app
 */
export function verifyApp({ language, pack: [target, ...options], source, exception, install }: ExampleApp): () => InstalledApp {
  let folder: string;
  let env: Environment;
  beforeAll(async () => {
    await pack(target, ...options);
    folder = copyExample(language);
    env = await install(folder);
  });

  test('the packed library makes the same templates, byte for byte, as the TypeScript app in the tree', async () => {
    const { code, output } = await synthesize(folder, env, 'cdk.out');
    expect({ code, output: code ? output : '' }).toEqual({ code: 0, output: '' });
    expect(templatesIn(join(folder, 'cdk.out'))).toEqual(await referenceTemplates());
  });

  test("a bad value is refused with the library's message, as an exception of the language", async () => {
    const file = join(folder, source);
    writeFileSync(file, readFileSync(file, 'utf8').replace(VALID, INVALID));
    const { code, output } = await synthesize(folder, env, 'refused.out');
    expect(code).not.toBe(0);
    expect(output).toContain(MESSAGE);
    expect(output).toMatch(exception);
  });
  return () => ({ folder, env });
}
