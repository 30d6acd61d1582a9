/**
 * The proof that one library serves five languages: packs it for npm, PyPI, Maven, Go and NuGet as a release does, installs each package in
 * an app of that language (examples/) as a user does, and compares the templates. They must be the same, byte for byte. The .NET package
 * is generated and read, but not built.
 *
 * It needs the library compiled (`npx projen compile`), and Python, Maven and Go.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { APPS, ExampleApp, Manifest, Places } from './apps';
import { Checks, mustRun, run, runLanes } from './run';
import { RULES } from '../../src/private/contract';

const root = resolve(__dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

/** A folder of the system's, not of the tree: an app must not find the library's own node_modules above it. */
const work = mkdtempSync(join(tmpdir(), 'languages-'));
const places: Places = { root, packages: join(work, 'packages'), maven: join(work, 'maven') };

const STACK = 'AlternateContacts';
const VALID = 'security@example.com';
const INVALID = 'nobody';
const MESSAGE = `${STACK}/Security: emailAddress must be ${RULES.EmailAddress.requirement}; got "${INVALID}"`;

const checks = new Checks();
const templates = new Map<string, string>();

async function pack(targets: string[], ...options: string[]): Promise<void> {
  const pacmak = join(root, 'node_modules', '.bin', 'jsii-pacmak');
  await mustRun([pacmak, '--targets', ...targets, '--outdir', places.packages, '--npmignore=false', ...options, '--', root], { cwd: root });
}

/** Runs an app the way the CDK's CLI does: the command of its cdk.json, told by a variable where the template belongs. */
async function synthesize(folder: string, env: NodeJS.ProcessEnv, out: string): Promise<{ code: number; output: string }> {
  const { app } = JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8')) as { app: string };
  return run(app, { cwd: folder, env: { ...env, CDK_OUTDIR: join(folder, out) } });
}

async function proveApp(app: ExampleApp): Promise<void> {
  const { language, target, source, exception } = app;
  const folder = join(work, language);
  let env: NodeJS.ProcessEnv = {};
  await checks.checkInTurn([
    ...target ? [[`${language}: the library is packed`, () => pack([target], `--maven-local-repository=${places.maven}`)] as [string, () => Promise<void>]] : [],
    [`${language}: the packed library and the example are installed`, async () => {
      cpSync(join(root, 'examples', language), folder, { recursive: true, filter: path => !/[\\/](node_modules|\.venv|target|cdk\.out)$/.test(path) });
      env = await app.install(folder, places, manifest);
    }],
    [`${language}: the example synthesizes`, async () => {
      const { code, output } = await synthesize(folder, env, 'cdk.out');
      if (code !== 0) throw new Error(`it ended with ${code}:\n${output.slice(-4_000)}`);
      templates.set(language, readFileSync(join(folder, 'cdk.out', `${STACK}.template.json`), 'utf8'));
    }],
    [`${language}: a bad value is refused in the library's own words`, async () => {
      const file = join(folder, source);
      writeFileSync(file, readFileSync(file, 'utf8').replace(VALID, INVALID));
      const { code, output } = await synthesize(folder, env, 'refused.out');
      if (code === 0) throw new Error(`the example with the e-mail address "${INVALID}" synthesizes`);
      if (!output.includes(MESSAGE)) throw new Error(`expected: ${MESSAGE}\nbut it wrote:\n${output.slice(-4_000)}`);
      if (!exception.test(output)) throw new Error(`expected an exception like ${exception}, but it wrote:\n${output.slice(-4_000)}`);
    }],
  ]);
}

/** `^2.200.0` as NuGet says it. */
function nugetRange(range: string): string {
  const [, version, major] = /^\^((\d+)\..*)$/.exec(range) ?? [];
  return `[${version},${Number(major) + 1}.0.0)`;
}

function checkDotnet(): void {
  const { namespace, packageId } = manifest.jsii.targets.dotnet;
  const folder = join(places.packages, 'dotnet', packageId);
  const project = readFileSync(join(folder, `${packageId}.csproj`), 'utf8');
  const expected = [
    `<PackageId>${packageId}</PackageId>`,
    `<PackageVersion>${manifest.version}</PackageVersion>`,
    `<PackageLicenseExpression>${manifest.license}</PackageLicenseExpression>`,
    `<PackageReference Include="Amazon.CDK.Lib" Version="${nugetRange(manifest.peerDependencies['aws-cdk-lib'])}" />`,
    `<PackageReference Include="Constructs" Version="${nugetRange(manifest.peerDependencies.constructs)}" />`,
    '<PackageReference Include="Amazon.JSII.Runtime" ',
    `<EmbeddedResource Include="${manifest.name}-${manifest.version}.tgz" />`,
  ].filter(line => !project.includes(line));
  if (expected.length > 0) throw new Error(`${packageId}.csproj lacks:\n${expected.join('\n')}\n${project}`);
  for (const name of ['AlternateContact', 'AlternateContacts', 'AlternateContactProvider', 'AlternateContactType']) {
    const code = readFileSync(join(folder, namespace, `${name}.cs`), 'utf8');
    if (!code.includes(`namespace ${namespace}\n`) || !new RegExp(`public (class|enum) ${name}\\b`).test(code)) {
      throw new Error(`${name}.cs must declare ${namespace}.${name}`);
    }
  }
}

/** Equal templates prove little if they are empty. */
function checkTemplate(text: string | undefined): void {
  interface Resource {
    readonly Type: string;
    readonly DeletionPolicy?: string;
    readonly Properties: { readonly [name: string]: unknown };
  }
  const { Resources } = JSON.parse(text ?? '{"Resources":{}}') as { Resources: { [id: string]: Resource } };
  const all = Object.values(Resources);
  const contacts = all.filter(({ Type }) => Type === 'Custom::AlternateContact')
    .map(({ Properties, DeletionPolicy = 'Delete' }) => `${Properties.AccountId ?? 'own'} ${Properties.AlternateContactType} ${DeletionPolicy}`);
  const settings = all.flatMap(({ Properties }) => [Properties.RetentionInDays, Properties.Timeout]).filter(value => value !== undefined);
  const found = JSON.stringify([contacts.sort(), settings.sort()]);
  const expected = JSON.stringify([
    ['111122223333 BILLING Delete', '111122223333 OPERATIONS Delete', 'own BILLING Delete', 'own SECURITY Retain'],
    // The function that the contacts share by default, and the example's own.
    [300, 365, 90, 900],
  ]);
  if (found !== expected) throw new Error(`expected ${expected}\nbut found ${found}`);
}

async function main(): Promise<number> {
  if (!existsSync(join(root, '.jsii'))) throw new Error('the library must be compiled first: npx projen compile');
  mkdirSync(places.packages, { recursive: true });
  // A Go package is source code, and the others need what is not here or take no time; Python's and Java's are built in their lanes.
  const packed = await checks.check('npm, Go and .NET: the library is packed', async () => {
    await pack(['js']);
    await pack(['go', 'dotnet'], '--code-only');
  });
  if (packed) {
    await checks.check('dotnet: the project has the id, namespace, version, licence and dependencies of the library', checkDotnet);
  }
  await runLanes(APPS.map(app => () => proveApp(app)), Math.min(APPS.length, availableParallelism()));

  const reference = templates.get('typescript');
  await checks.check('typescript: the template has the contacts and the settings that the example declares', () => checkTemplate(reference));
  for (const { language } of APPS.filter(app => app.language !== 'typescript')) {
    await checks.check(`${language}: the template is the TypeScript app's, byte for byte`, () => {
      const template = templates.get(language);
      if (template === undefined || reference === undefined) throw new Error('one of the two was not synthesized');
      if (template === reference) return;
      const expected = reference.split('\n');
      const found = template.split('\n');
      const line = found.findIndex((text, index) => text !== expected[index]);
      throw new Error(`line ${line + 1}: expected ${expected[line]}\nbut found ${found[line]}`);
    });
  }
  return checks.finish();
}

main().then(
  code => { process.exitCode = code; },
  (error: unknown) => { console.error(error); process.exitCode = 1; },
).finally(() => rmSync(work, { recursive: true, force: true }));
