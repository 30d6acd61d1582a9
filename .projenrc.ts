import { awscdk, javascript, JsonFile } from 'projen';

/**
 * The oldest aws-cdk-lib whose newest Lambda runtime is Node.js 22 or later wherever Lambda is known to have it. Not 2.200.0, which is missing
 * from Maven Central.
 */
const OLDEST_CDK = '2.200.1';
const AWS_SDK = '^3.1169.0';
/** What projen has eslint ignore; naming one pattern drops the rest. */
const IGNORED = ['*.js', '*.d.ts', 'node_modules/', '*.generated.ts', 'coverage'];

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-alternate-contact',
  description: 'Declares the alternate contacts (billing, operations, security) of AWS accounts in CDK apps',
  author: 'The cdk-alternate-contact authors',
  authorAddress: 'maintainers@cdk-alternate-contact.dev',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-alternate-contact/cdk-alternate-contact.git',
  license: 'Apache-2.0',
  copyrightOwner: 'The cdk-alternate-contact authors',
  stability: 'experimental',
  keywords: [
    'cdk', 'aws-cdk', 'awscdk', 'account-management', 'alternate-contact', 'security-contact', 'organizations', 'control-tower',
  ],
  defaultReleaseBranch: 'main',
  majorVersion: 0,
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.0.0',
  // Trusted publishing needs the npm that comes with it.
  workflowNodeVersion: '24',
  projenrcTs: true,

  cdkVersion: OLDEST_CDK,
  constructsVersion: '10.0.5',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.3',
  devDeps: [
    `@aws-sdk/client-account@${AWS_SDK}`,
    `@aws-sdk/client-cloudformation@${AWS_SDK}`,
    // What custom-resources.Provider loads, one of the benchmarks' contenders.
    '@aws-sdk/client-lambda@3.1164.0',
    '@aws-sdk/client-sfn@3.1163.0',
    '@types/aws-lambda@^8.10',
    '@types/node@^20',
    'aws-cdk@2.1148.1',
    'esbuild@0.28.2',
    'fast-check@^4.10',
    'tsx@^4',
    'vega@6.4.0',
    'vega-lite@6.5.0',
  ],

  publishToPypi: { distName: 'cdk-alternate-contact', module: 'cdk_alternate_contact', trustedPublishing: true },
  publishToMaven: {
    javaPackage: 'io.github.cdkalternatecontact',
    mavenGroupId: 'io.github.cdk-alternate-contact',
    mavenArtifactId: 'cdk-alternate-contact',
  },
  publishToNuget: { dotNetNamespace: 'CdkAlternateContact', packageId: 'CdkAlternateContact', trustedPublishing: true },
  publishToGo: { moduleName: 'github.com/cdk-alternate-contact/cdk-alternate-contact-go' },
  npmTrustedPublishing: true,

  eslintOptions: { dirs: ['src', 'lambda'], devdirs: ['test', 'sandbox', 'examples', 'integration', 'bench'], ignorePatterns: ['examples/typescript/', ...IGNORED] },
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      testTimeout: 60_000,
      collectCoverageFrom: ['src/**/*.ts', 'lambda/**/*.ts'],
    },
  },
  tsconfigDev: { include: ['lambda', 'sandbox', 'examples', 'integration', 'bench'].map(folder => `../${folder}/**/*.ts`), exclude: ['../examples/typescript'] },
  gitignore: [
    '/assets/', 'cdk.out/', '.venv/', '__pycache__/', '.jsii.tabl.json',
    '/examples/java/target/', '/examples/go/go.sum', '/examples/typescript/package-lock.json',
  ],
  npmIgnoreOptions: { ignorePatterns: ['/lambda/', '/sandbox/', '/examples/', '/bench/', '/integration/', '/rosetta/', '/.ci/', '/cdk.out/', '.jsii.tabl.json', '/CONTRIBUTING.md', '/SECURITY.md'] },
  depsUpgradeOptions: { workflowOptions: { schedule: javascript.UpgradeDependenciesSchedule.MONTHLY } },
});
// 1.13.0 has no binaries for some platforms, and npm then refuses the lock file.
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// eslint looks for the nearest tsconfig.json; jsii compiles src/ alone.
for (const folder of ['lambda', 'sandbox', 'examples', 'integration', 'bench']) {
  new JsonFile(project, `${folder}/tsconfig.json`, {
    obj: { extends: '../tsconfig.json', compilerOptions: { noEmit: true, rootDir: '..' }, include: ['**/*.ts'], exclude: ['typescript'] },
    marker: true,
    allowComments: true,
  });
}
project.eslint?.allowDevDeps('lambda/**');
// The handler loads what few events need when they need it; a dynamic import would not find Lambda's SDK.
project.eslint?.addOverride({ files: ['lambda/*.ts'], rules: { '@typescript-eslint/no-require-imports': 'off' } });

const bundle = project.addTask('bundle', {
  description: 'Bundles the handler into the one file that becomes the inline code of the function',
  exec: [
    'esbuild lambda/index.ts --bundle --minify --platform=node --target=node20 --format=cjs',
    "'--external:@aws-sdk/*' --legal-comments=none --outfile=assets/handler.js",
  ].join(' '),
});
const typeCheck = project.addTask('type-check', {
  description: 'Type-checks what jsii does not compile: the handler, the sandbox, the examples and the tests',
  exec: 'tsc --noEmit -p test/tsconfig.json',
});
project.preCompileTask.spawn(bundle);
project.testTask.prependSpawn(typeCheck);
project.testTask.prependSpawn(bundle);
project.addTask('demo', {
  description: 'Deploys the example app to the sandbox and takes it through its whole life',
  steps: [{ spawn: bundle.name }, { exec: 'tsx sandbox/demo.ts' }],
});
project.addTask('proof', {
  description: 'Runs thousands of sequences of deployments on this library and on what people use today: --sequences N --seed N --alone --replay JSON',
  steps: [{ spawn: bundle.name }, { exec: 'tsx test/proof/proof.ts', receiveArgs: true }],
});
project.addTask('integration', {
  description: 'Has the CDK CLI deploy to an independent engine: moto (the default) or sandbox is the Account Management API',
  steps: [{ spawn: bundle.name }, { exec: 'tsx integration/ministack.ts', receiveArgs: true }],
});
project.addTask('bench', {
  description: 'Measures the library against what people use today, and writes bench/results.md: --quick, --report',
  steps: [{ spawn: bundle.name }, { exec: 'tsx bench/bench.ts', receiveArgs: true }],
});
project.addTask('judges', {
  description: 'Has the library judged by cdk-nag, cfn-lint, jsii-diff, awslint, npm, two CDKs and three Node.js',
  exec: 'tsx integration/judges/judges.ts',
  receiveArgs: true,
});
project.addTask('languages', {
  description: 'Packs the library for five languages, and compares the templates of an app in each',
  steps: [{ spawn: 'pre-compile' }, { spawn: 'compile' }, { exec: 'tsx integration/languages.ts' }],
});
// Compiles the examples of the README and of the docstrings.
project.postCompileTask.exec('jsii-rosetta extract --strict .');
project.tasks.addEnvironment('CDK_VALIDATION', 'false');
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');
project.tasks.addEnvironment('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');

project.addPackageIgnore('!/assets/');
project.synth();
