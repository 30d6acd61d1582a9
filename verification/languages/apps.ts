import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { mustRun } from './run';

/** Where things are while the script runs. */
export interface Places {
  /** The library, compiled. */
  readonly root: string;
  /** The packages: `js`, `python`, `java`, `go` and `dotnet`. */
  readonly packages: string;
  /** A Maven repository of the script's own, so that no earlier build of the same version is found. */
  readonly maven: string;
}

/** What package.json says about the packages. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly peerDependencies: { readonly [name: string]: string };
  readonly jsii: {
    readonly targets: {
      readonly python: { readonly module: string };
      readonly go: { readonly moduleName: string };
      readonly dotnet: { readonly namespace: string; readonly packageId: string };
    };
  };
}

/** An example app in one of the languages. */
export interface ExampleApp {
  /** Its folder in examples/, and what it is called in the output. */
  readonly language: string;
  /** What the package is built for, if it is not built with the others. */
  readonly target?: string;
  /** The file that declares the contacts. */
  readonly source: string;
  /** What an error looks like that comes out of the app. */
  readonly exception: RegExp;
  /** Installs what the app in `folder` needs, and the packed library. Returns the environment to run it in. */
  install(folder: string, places: Places, manifest: Manifest): Promise<NodeJS.ProcessEnv>;
}

/** Replaces a version that must be there: an example that names the library otherwise would be tested with another one. */
function pin(file: string, pattern: RegExp, replacement: string): void {
  const text = readFileSync(file, 'utf8');
  if (!pattern.test(text)) throw new Error(`${file} must name the library: found nothing that matches ${pattern}`);
  writeFileSync(file, text.replace(pattern, () => replacement));
}

const typescript: ExampleApp = {
  language: 'typescript',
  source: 'app.ts',
  exception: /^\s*throw new Error|^Error: /m,
  async install(folder, { packages }, { name, version }) {
    pin(join(folder, 'package.json'), /"cdk-alternate-contact": ".*"/, `"${name}": "file:${join(packages, 'js', `${name}@${version}.jsii.tgz`)}"`);
    await mustRun(['npm', 'install', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: folder });
    return {};
  },
};

const python: ExampleApp = {
  language: 'python',
  target: 'python',
  source: 'app.py',
  exception: /^RuntimeError: /m,
  async install(folder, { packages }, { name, version, jsii }) {
    const wheel = join(packages, 'python', `${jsii.targets.python.module}-${version}-py3-none-any.whl`);
    pin(join(folder, 'requirements.txt'), /^cdk-alternate-contact==.*$/m, `${name} @ file://${wheel}`);
    await mustRun(['python3', '-m', 'venv', '.venv'], { cwd: folder });
    const bin = join(folder, '.venv', 'bin');
    await mustRun([join(bin, 'pip'), 'install', '--quiet', '-r', 'requirements.txt'], { cwd: folder });
    return { PATH: `${bin}${delimiter}${process.env.PATH}`, VIRTUAL_ENV: join(folder, '.venv') };
  },
};

const java: ExampleApp = {
  language: 'java',
  target: 'java',
  source: 'src/main/java/com/example/ContactsStack.java',
  exception: /Caused by: software\.amazon\.jsii\.\w+: /,
  async install(folder, { maven }, { version }) {
    pin(join(folder, 'pom.xml'), /(?<=<artifactId>cdk-alternate-contact<\/artifactId>\s*)<version>.*<\/version>/, `<version>${version}</version>`);
    // The JVM's options halve the time of a build that is over before compiled code would pay.
    const env = { MAVEN_OPTS: `-Dmaven.repo.local=${maven} -XX:TieredStopAtLevel=1` };
    await mustRun(['mvn', '--batch-mode', '--quiet', 'compile'], { cwd: folder, env });
    return env;
  },
};

const go: ExampleApp = {
  language: 'go',
  source: 'app.go',
  exception: /panic: /,
  async install(folder, { packages }, { version, jsii }) {
    // The package's name is the module's last part.
    const packageName = 'cdkalternatecontact';
    const module = `${jsii.targets.go.moduleName}/${packageName}`;
    pin(join(folder, 'go.mod'), /(?<=\/cdkalternatecontact )v\S+/, `v${version}`);
    const replacements = [`${module}=${join(packages, 'go', packageName)}`];

    // The packed go.mod asks for the newest of the modules that only hold the CDK's assets, and a module proxy need not have those yet.
    // The ones that aws-cdk-lib asks for itself do as well: nothing of them is in the template.
    const cdk = 'github.com/aws/aws-cdk-go/awscdk/v2';
    const cdkVersion = (JSON.parse(await mustRun(['go', 'mod', 'edit', '-json'], { cwd: folder })) as GoModule).Require
      .find(({ Path }) => Path === cdk)?.Version;
    const { GoMod } = JSON.parse(await mustRun(['go', 'mod', 'download', '-json', `${cdk}@${cdkVersion}`], { cwd: folder })) as { GoMod: string };
    for (const { Path, Version } of (JSON.parse(await mustRun(['go', 'mod', 'edit', '-json', GoMod], { cwd: folder })) as GoModule).Require) {
      if (Path.startsWith('github.com/cdklabs/')) replacements.push(`${Path}=${Path}@${Version}`);
    }
    await mustRun(['go', 'mod', 'edit', ...replacements.map(replacement => `-replace=${replacement}`)], { cwd: folder });
    await mustRun(['go', 'mod', 'tidy'], { cwd: folder });
    await mustRun(['go', 'vet', '.'], { cwd: folder });
    return {};
  },
};

interface GoModule {
  readonly Require: { readonly Path: string; readonly Version: string }[];
}

/** The longest first, so that none of them is still running when the others are done. */
export const APPS = [java, python, go, typescript];
