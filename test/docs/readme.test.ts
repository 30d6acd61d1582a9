import * as cdk from 'aws-cdk-lib';
import { determineLatestNodeRuntime } from 'aws-cdk-lib/aws-lambda';
import ts from 'typescript';
import { blocksOf, read } from './markdown';
import * as library from '../../src';

const README = read('README.md');
const FOLDED = /<details>[\s\S]*?<\/details>/g;

interface Manifest {
  readonly peerDependencies: { readonly [name: string]: string };
  readonly engines: { readonly node: string };
  readonly jsii: { readonly targets: Record<'python' | 'java' | 'go' | 'dotnet', { readonly [field: string]: string }> & { java: { maven: { groupId: string; artifactId: string } } } };
}
const { peerDependencies, engines, jsii: { targets: { python, java, go, dotnet } } } = JSON.parse(read('package.json')) as Manifest;

test('what is not folded has at most 12 kB', () => {
  expect(Buffer.byteLength(README.replace(FOLDED, ''))).toBeLessThanOrEqual(12_000);
});

test('it names the packages, their modules and the oldest versions that package.json has', () => {
  const [, goVersion] = /^go (\S+)$/m.exec(read('examples/go/go.mod')) ?? [];
  const oldest = (range: string) => range.replace(/^(\^|>= )/, '');
  for (const words of [
    `pip install ${python.distName}\``,
    `\`${java.maven.groupId}:${java.maven.artifactId}\``,
    `go get ${go.moduleName}/${java.package.split('.').at(-1)}\``,
    `dotnet add package ${dotnet.packageId}\``,
    `from ${python.module} import`,
    `import ${java.package}.`,
    `import contact "${go.moduleName}/${java.package.split('.').at(-1)}"`,
    `using ${dotnet.namespace};`,
    `aws-cdk-lib ${oldest(peerDependencies['aws-cdk-lib'])} or later`,
    `constructs ${oldest(peerDependencies.constructs)} or later`,
    `Node.js ${oldest(engines.node).split('.')[0]} or later`,
    `Go ${goVersion} or later`,
  ]) { expect(README.replace(/\s+/g, ' ')).toContain(words); }
});

test('it promises no newer Lambda runtime than the oldest CDK knows', () => {
  const [, promised] = /Node\.js runtime that your aws-cdk-lib\s+knows for the region: Node\.js (\d+) or later/.exec(README) ?? [];
  const stack = new cdk.Stack(new cdk.App(), 'Stack', { env: { region: 'us-east-1' } });
  const [, known] = /^nodejs(\d+)\.x$/.exec(determineLatestNodeRuntime(stack).name) ?? [];
  expect(Number(promised)).toBeGreaterThanOrEqual(20);
  expect(Number(promised)).toBeLessThanOrEqual(Number(known));
});

/** Runs TypeScript that makes an app, and returns the app. */
function appOf(code: string): cdk.App {
  const apps: cdk.App[] = [];
  class App extends cdk.App {
    constructor() {
      super();
      apps.push(this);
    }
  }
  // The modules of aws-cdk-lib are loaded when somebody asks for them: a copy of it would ask for all.
  const modules: { readonly [name: string]: unknown } = { 'aws-cdk-lib': Object.create(cdk, { App: { value: App } }), 'cdk-alternate-contact': library };
  const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const run = new Function('require', 'exports', outputText) as (require: (name: string) => unknown, exports: object) => void;
  run(name => modules[name], {});
  return apps[0];
}

test('the quick start is an app whose stack needs no bootstrap', () => {
  const [quickStart] = blocksOf(README).filter(({ language, code }) => language === 'ts' && code.includes('new App()'));
  const [stack] = appOf(quickStart.code).synth().stacks;
  expect(stack.assets).toEqual([]);
  expect(stack.requiresBootstrapStackVersion).toBeUndefined();
  expect(Object.values((stack.template as { Resources: object }).Resources)).toContainEqual(expect.objectContaining({ Type: 'Custom::AlternateContact' }));

  const plain = quickStart.code.replace(', { synthesizer: new BootstraplessSynthesizer() }', '');
  expect(appOf(plain).synth().stacks[0].requiresBootstrapStackVersion).toBeGreaterThan(0);
});

/** What a block of code says in quotes, without what it imports. */
function valuesOf(code: string): string[] {
  const statements = code.split('\n').filter(line => !/^(import|from|using) /.test(line)).join('\n');
  return [...statements.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double).sort();
}

test('the examples in the other languages declare what those in TypeScript declare', () => {
  const translated = [...README.matchAll(/```ts[^\n]*\n((?:(?!```)[\s\S])*?)```(?:(?!```)[\s\S])*?<details><summary>The same in ([^<]+)<\/summary>([\s\S]*?)<\/details>/g)];
  expect(translated).toHaveLength(2);
  for (const [, typescript, languages, folded] of translated) {
    expect(languages).toBe('Python, Java, Go and C#');
    const blocks = blocksOf(folded);
    expect(blocks.map(({ language }) => language)).toEqual(['python', 'java', 'go', 'csharp']);
    for (const { language, code } of blocks) { expect([language, ...valuesOf(code)]).toEqual([language, ...valuesOf(typescript)]); }
  }
});
