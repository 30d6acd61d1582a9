import { readFileSync } from 'node:fs';
import { awscdk, github, javascript, JsonFile, ReleasableCommits, TextFile, typescript, YamlFile } from 'projen';

/**
 * The oldest aws-cdk-lib whose newest Lambda runtime is Node.js 22 or later wherever Lambda is known to have it. Not 2.200.0, which is missing
 * from Maven Central.
 */
const OLDEST_CDK = '2.200.1';
const AWS_SDK = '^3.1169.0';
/**
 * Who owns the repository on GitHub, the name space of Maven Central and the repository of the Go module: a placeholder until the first release.
 * README.md, examples/go and examples/java repeat it by hand: test/docs and `npx projen verify:languages` find where they differ.
 */
const OWNER = 'cdk-alternate-contact';
const MAINTAINERS = 'maintainers@cdk-alternate-contact.dev';
/** The types of conventional commits. Only those of RELEASED lead to a release. */
const COMMIT_TYPES = ['feat', 'fix', 'perf', 'revert', 'docs', 'test', 'refactor', 'style', 'build', 'ci', 'chore'];
const RELEASED = ['feat', 'fix', 'perf', 'revert'];
/** Actions by commit, because a tag can be moved. Those that projen names by commit itself are not here. */
const ACTIONS = {
  'actions/setup-dotnet': ['a98b56852c35b8e3190ac28c8c2271da59106c68', 'v6.0.0'],
  'actions/setup-go': ['b7ad1dad31e06c5925ef5d2fc7ad053ef454303e', 'v7.0.0'],
  'actions/setup-java': ['dd06d9cba3e5552c54d9f8ea23572deb30010f7c', 'v6.0.0'],
  'actions/setup-node': ['820762786026740c76f36085b0efc47a31fe5020', 'v7.0.0'],
  'actions/setup-python': ['5fda3b95a4ea91299a34e894583c3862153e4b97', 'v7.0.0'],
  'peter-evans/create-pull-request': ['5f6978faf089d4d20b00c7766989d076bb2fc7f1', 'v8.1.1'],
};
/** Whatever is neither compiled by jsii nor published. */
const FOLDERS = ['lambda', 'sandbox', 'demo', 'examples', 'verification'];
/** What projen has eslint ignore; naming one pattern drops the rest. */
const IGNORED = ['*.js', '*.d.ts', 'node_modules/', '*.generated.ts', 'coverage'];

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-alternate-contact',
  description: 'Declares the alternate contacts (billing, operations, security) of AWS accounts in CDK apps',
  author: 'The cdk-alternate-contact authors',
  authorAddress: MAINTAINERS,
  authorOrganization: true,
  repositoryUrl: `https://github.com/${OWNER}/cdk-alternate-contact.git`,
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
  runner: typescript.TypeScriptRunner.tsx(),

  cdkVersion: OLDEST_CDK,
  constructsVersion: '10.0.5',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.3',
  devDeps: [
    `@aws-sdk/client-account@${AWS_SDK}`,
    `@aws-sdk/client-cloudformation@${AWS_SDK}`,
    // What `npx projen try:aws` asks, beside the two above and Step Functions.
    '@aws-sdk/client-accessanalyzer@3.1080.0',
    '@aws-sdk/client-cloudwatch-logs@3.1169.0',
    '@aws-sdk/client-sts@3.1169.0',
    // What custom-resources.Provider loads, one of the benchmarks' contenders.
    '@aws-sdk/client-lambda@3.1164.0',
    '@aws-sdk/client-sfn@3.1163.0',
    // Of the newest major version that runs on Node.js 20.
    '@stryker-mutator/core@^9.6.1',
    '@stryker-mutator/jest-runner@^9.6.1',
    '@types/aws-lambda@^8.10',
    '@types/node@^20',
    // The static judges of the state machine.
    'amazon-states-language-service@1.16.1',
    'asl-validator@4.0.0',
    'aws-cdk@2.1148.1',
    'esbuild@0.28.2',
    'fast-check@^4.10',
    // The version that AWS documents for Step Functions.
    'jsonata@2.0.6',
    'tsx@^4',
    'yaml@^2',
  ],

  publishToPypi: { distName: 'cdk-alternate-contact', module: 'cdk_alternate_contact', trustedPublishing: true },
  publishToMaven: {
    javaPackage: `io.github.${OWNER.replace(/-/g, '')}`,
    mavenGroupId: `io.github.${OWNER}`,
    mavenArtifactId: 'cdk-alternate-contact',
  },
  publishToNuget: { dotNetNamespace: 'CdkAlternateContact', packageId: 'CdkAlternateContact', trustedPublishing: true },
  publishToGo: { moduleName: `github.com/${OWNER}/cdk-alternate-contact-go` },
  npmTrustedPublishing: true,
  // A pull request whose generated files are out of date fails, so no workflow needs to push to its branch.
  buildWorkflowOptions: { mutableBuild: false },
  releasableCommits: ReleasableCommits.ofType(RELEASED),
  // GitHub asks a maintainer before it publishes, if the environment is set up that way.
  releaseEnvironment: 'release',
  jsiiReleaseVersion: '0.2.1061',
  githubOptions: { dependencyReview: true, pullRequestLintOptions: { semanticTitleOptions: { types: COMMIT_TYPES } } },
  // The newest major version that runs on Node.js 20.
  bumpPackage: 'commit-and-tag-version@^12.7.3',

  eslintOptions: {
    dirs: ['src', 'lambda'],
    devdirs: ['test', ...FOLDERS.filter(folder => folder !== 'lambda')],
    ignorePatterns: ['examples/typescript/', ...IGNORED],
  },
  jestOptions: {
    passWithNoTests: false,
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      // Generous: no test may depend on the speed of the machine.
      testTimeout: 300_000,
      // By default jest leaves one core idle: of two it would use one.
      maxWorkers: '100%',
      // Only the nightly run collects it: a run of one file would wait for the table of all files.
      collectCoverage: false,
      collectCoverageFrom: ['src/**/*.ts', 'lambda/**/*.ts'],
    },
  },
  tsconfigDev: { include: FOLDERS.map(folder => `../${folder}/**/*.ts`), exclude: ['../examples/typescript'] },
  gitignore: [
    '/assets/', 'cdk.out/', '.venv/', '__pycache__/', '.jsii.tabl.json',
    '/examples/java/target/', '/examples/go/go.sum', '/examples/typescript/package-lock.json',
    '/.stryker-tmp/',
  ],
  npmIgnoreOptions: {
    ignorePatterns: [
      ...FOLDERS.map(folder => `/${folder}/`), '/rosetta/', '/docs/', '/.ci/', '/cdk.out/', '.jsii.tabl.json',
      '/CODE_OF_CONDUCT.md', '/CONTRIBUTING.md', '/SECURITY.md',
    ],
  },
  depsUpgradeOptions: { workflowOptions: { schedule: javascript.UpgradeDependenciesSchedule.MONTHLY } },
});
// ts-jest needs three times as long before the first test.
const TRANSFORM = { '^.+\\.ts$': '<rootDir>/test/transform.cjs' };
if (project.jest) { project.jest.config.transform = TRANSFORM; }
project.deps.removeDependency('ts-jest');
// 1.13.0 has no binaries for some platforms, and npm then refuses the lock file.
project.package.addPackageResolutions('unrs-resolver@1.12.2');
// Reviewed: all three find their binaries without their install scripts.
project.package.addField('allowScripts', { '@parcel/watcher': false, 'esbuild': false, 'unrs-resolver': false });

// eslint looks for the nearest tsconfig.json; jsii compiles src/ alone.
for (const folder of FOLDERS) {
  new JsonFile(project, `${folder}/tsconfig.json`, {
    obj: { extends: '../tsconfig.json', compilerOptions: { noEmit: true, rootDir: '..' }, include: ['**/*.ts'], exclude: ['typescript'] },
    marker: true,
    allowComments: true,
  });
}
project.eslint?.allowDevDeps('lambda/**');
project.eslint?.addRules({
  'curly': ['error', 'all'],
  '@stylistic/block-spacing': ['error', 'always'],
  '@stylistic/max-len': ['error', { code: 150, ignoreUrls: true }],
  'import/enforce-node-protocol-usage': ['error', 'always'],
  'import/no-cycle': ['error', { ignoreExternal: true }],
});
// Lines that are longer because of a string or a comment; what is outside of these folders has none.
project.eslint?.addOverride({
  files: [
    'src/**', 'lambda/**', 'test/**', 'verification/{benchmarks,contenders,mutation,proof}/**',
    'sandbox/{account,cloudformation,core,events,iam,lambda,organizations,resource-types,step-functions}/**',
  ],
  rules: {
    '@stylistic/max-len': ['error', {
      code: 150, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreComments: true, ignoreRegExpLiterals: true,
    }],
  },
});
// The sandbox models AWS: it knows neither the library nor what is made with it.
project.eslint?.addOverride({
  files: ['sandbox/**'],
  rules: {
    'import/no-restricted-paths': ['error', { zones: [{ target: './sandbox', from: '.', except: ['./sandbox', './node_modules'] }] }],
    '@typescript-eslint/no-restricted-imports': ['error', { patterns: ['aws-cdk-lib*', 'constructs*'] }],
  },
});
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
  description: 'Takes the contacts of a stack and of an organization through their whole life, in the sandbox',
  steps: [{ spawn: bundle.name }, { exec: 'tsx demo/demo.ts' }],
});
project.addTask('demo:picture', {
  description: 'Draws docs/images/demo.svg from what the demo prints',
  steps: [{ spawn: bundle.name }, { exec: 'tsx demo/draw.ts' }],
});
project.addTask('proof', {
  description: 'Runs thousands of sequences of deployments on this library and on what people use today: '
    + '--sequences N --seeds N,N --alone --replay JSON, and --record to write verification/proof/results.md',
  steps: [{ spawn: bundle.name }, { exec: 'tsx verification/proof/proof.ts', receiveArgs: true }],
});
// Fast unit tests kill the mutants of src/ and lambda/; the bundle that the constructs inline is never mutated. For each mutant jest loads all files
// that are related to it, so it stops at the first test that fails.
new JsonFile(project, 'stryker.config.json', {
  marker: false, // Stryker warns of members that it does not know
  obj: {
    $schema: './node_modules/@stryker-mutator/core/schema/stryker-schema.json',
    // The sweep's definition is text for another engine: verification/proof/organization/breaks.test.ts breaks it there.
    mutate: ['src/**/*.ts', 'lambda/**/*.ts', '!src/private/sweep/machine/**'],
    testRunner: 'jest',
    coverageAnalysis: 'perTest',
    jest: {
      projectType: 'custom',
      config: {
        testMatch: ['<rootDir>/test/*.test.ts', '<rootDir>/test/{docs,lambda,private}/**/*.test.ts'],
        // The test of the troubleshooting page reads the text of the sources, which Stryker has changed.
        testPathIgnorePatterns: ['/node_modules/', '/test/(examples|proof|docs/troubleshooting)\\.test\\.ts$'],
        runner: '<rootDir>/verification/mutation/fail-fast-runner.cjs',
        testEnvironment: './verification/mutation/fail-fast-environment.cjs',
        testTimeout: 120_000,
        collectCoverage: false,
        reporters: [],
      },
    },
    ignorePatterns: ['/dist', '/lib', '/coverage', '/test-reports', '.venv', 'cdk.out'],
    reporters: ['clear-text', 'json', 'progress-append-only'],
    clearTextReporter: { logTests: false, reportTests: false, reportMutants: false },
    jsonReporter: { fileName: 'test-reports/mutation.json' },
    timeoutMS: 10_000,
    concurrency: 2,
  },
});
project.addPackageIgnore('/stryker.config.json');
project.addTask('mutation', {
  description: 'Has Stryker mutate src/ and lambda/, or the files named, and fails if a mutant survives that '
    + 'verification/mutation/survivors.json does not list',
  steps: [{ spawn: bundle.name }, { exec: 'tsx verification/mutation/mutation.ts', receiveArgs: true }],
});
project.addTask('mutation:changed', {
  description: 'Mutates the files that changed since the last release, or since --base REVISION',
  steps: [{ spawn: bundle.name }, { exec: 'tsx verification/mutation/mutation.ts --changed', receiveArgs: true }],
});
project.addTask('try:aws', {
  description: 'Asks AWS itself what this project assumes: without credentials it says what it would do. --account ID',
  receiveArgs: true,
  steps: [{ spawn: bundle.name }, { exec: 'tsx verification/aws/try.ts', receiveArgs: true }],
});
project.addTask('assumptions', {
  description: 'Writes docs/assumptions.md and verification/aws/results.md',
  exec: 'tsx verification/aws/write.ts',
});
project.addTask('templates', {
  description: 'Compares the templates with those of another revision, byte for byte: a refactoring changes none',
  steps: [{ spawn: bundle.name }, { exec: 'tsx verification/templates/compare.ts', receiveArgs: true }],
});
project.addTask('bench', {
  description: 'Measures the library against what people use today, and writes verification/benchmarks/results.md: --quick',
  steps: [{ spawn: bundle.name }, { exec: 'tsx verification/benchmarks/bench.ts', receiveArgs: true }],
});
project.addTask('bench:organization', {
  description: 'Measures sweeps of whole organizations, and writes verification/benchmarks/organization.md: '
    + '--accounts 100,1000,10000,40000 --shares 0.8,1',
  exec: 'tsx verification/benchmarks/organization.ts',
  receiveArgs: true,
});
// What takes too long for `npm test`, or needs software of others, which a room's setup.ts installs first.
const ROOMS = {
  proof: 'Runs the short proof, breaks the library to see that the proof finds it, and tests what verifies: '
    + 'deployment, limits, breaks, load, generated, ...',
  engines: 'Has the CDK CLI deploy to engines of others, and compares what they do: moto, sandbox, organization',
  judges: 'Has the library judged by cdk-nag, cfn-lint, jsii-diff, npm, the validation of the newest CDK and four Node.js: '
    + 'nag, templates, package, validation, cdk-versions, node-versions',
  languages: 'Packs the library for five languages, and compares the templates of an app in each: typescript, python, java, go, dotnet',
};
const VERIFY = 'verification/jest.config.json';
new JsonFile(project, VERIFY, {
  marker: false, // jest warns of members that it does not know
  obj: {
    rootDir: '..',
    testTimeout: 600_000,
    verbose: true,
    // Each file starts programs of its own.
    maxWorkers: 2,
    testSequencer: '<rootDir>/verification/tools/longest-first.cjs',
    reporters: ['default', ['jest-junit', { outputDirectory: 'test-reports', outputName: 'verification.xml' }]],
    projects: Object.keys(ROOMS).map(room => ({
      displayName: room,
      rootDir: '.',
      testMatch: [room === 'proof' ? '<rootDir>/verification/**/*.test.ts' : `<rootDir>/verification/${room}/*.verify.ts`],
      ...['engines', 'judges'].includes(room) && { globalSetup: `<rootDir>/verification/${room}/setup.ts` },
      transform: TRANSFORM,
    })),
  },
});
for (const [room, description] of Object.entries(ROOMS)) {
  const task = project.addTask(`verify:${room}`, {
    description,
    steps: [
      ...room === 'languages' ? [{ spawn: 'pre-compile' }, { spawn: 'compile' }] : [{ spawn: bundle.name }],
      // --selectProjects takes all words up to the next option: what is given behind it are patterns of files.
      { exec: `jest --config ${VERIFY} --selectProjects ${room} --verbose`, receiveArgs: true },
    ],
  });
  // The build, which a release consists of, runs only `npm test`.
  if (room === 'proof') { project.tasks.tryFind('release')?.spawn(task); }
}
project.addTask('verify', {
  description: 'Verifies the library from outside: the proof, all engines, judges and languages',
  steps: [{ spawn: 'pre-compile' }, { spawn: 'compile' }, { exec: `jest --config ${VERIFY}`, receiveArgs: true }],
});
// Compiles the examples of the README and of the docstrings.
project.postCompileTask.exec('jsii-rosetta extract --strict .');
project.tasks.addEnvironment('CDK_VALIDATION', 'false');
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');
project.tasks.addEnvironment('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');

project.addPackageIgnore('!/assets/');
for (const [action, [commit]] of Object.entries(ACTIONS)) { project.github!.actions.set(action, `${action}@${commit}`); }
project.autoMerge!.addConditions('status-success=verify');
// projen gives these jobs a token that may write, which only the job that makes the release needs.
for (const job of ['build', 'release']) {
  project.tryFindObjectFile(`.github/workflows/${job}.yml`)!.addOverride(`jobs.${job}.permissions.contents`, 'read');
}
new TextFile(project, '.github/CODEOWNERS', { marker: true, lines: [`* @${OWNER}/maintainers`] });
/** A question of an issue. Its id is made from its label. */
const question = (label: string, description: string, type = 'textarea') => ({
  type,
  id: label.toLowerCase().replace(/[^a-z]+/g, '-'),
  attributes: { label, description },
  validations: { required: true },
});
const NOTHING_PERSONAL = 'Leave out names, titles, e-mail addresses and phone numbers.';
new YamlFile(project, '.github/ISSUE_TEMPLATE/bug.yml', {
  marker: true,
  obj: {
    name: 'Something goes wrong',
    description: 'A deployment fails, a sweep ends wrong, or a contact is not what you declared',
    labels: ['bug'],
    body: [
      question('What happened, and what did you expect?', `Quote the error of CloudFormation or the cause of the execution. ${NOTHING_PERSONAL}`),
      question('How can we see it?', `The smallest app that shows it. ${NOTHING_PERSONAL}`),
      question('What does the log say?', `The function writes one line per event. ${NOTHING_PERSONAL}`),
      question('Versions', 'cdk-alternate-contact, aws-cdk-lib, Node.js, the language and the region', 'input'),
    ],
  },
});
new YamlFile(project, '.github/ISSUE_TEMPLATE/feature.yml', {
  marker: true,
  obj: {
    name: 'Something is missing',
    description: 'What you would like to declare, and cannot',
    labels: ['enhancement'],
    body: [
      question('What do you want to do?', 'Say it without the solution: whose contacts, in which accounts, deployed from where.'),
      question('What do you do today?', 'A script, another construct, the console.'),
    ],
  },
});
new YamlFile(project, '.github/ISSUE_TEMPLATE/config.yml', {
  marker: true,
  obj: {
    blank_issues_enabled: false,
    contact_links: [
      { name: 'A vulnerability', url: `https://github.com/${OWNER}/cdk-alternate-contact/security/policy`, about: 'Report it privately.' },
      {
        name: 'An error that you do not understand',
        url: `https://github.com/${OWNER}/cdk-alternate-contact/blob/main/docs/troubleshooting.md`,
        about: 'Each error and each warning is explained there.',
      },
    ],
  },
});
/** What `.ci/run` needs beside Node.js. */
const TOOLS: github.workflows.JobStep[] = [
  // The whole history: what changed is asked of git.
  github.WorkflowSteps.checkout({ with: { fetchDepth: 0 } }),
  { name: 'Setup Node.js', uses: 'actions/setup-node@v7.0.0', with: { 'node-version': '20', 'package-manager-cache': false } },
  { name: 'Setup Python', uses: 'actions/setup-python@v7.0.0', with: { 'python-version': '3.x' } },
  { name: 'Setup Go', uses: 'actions/setup-go@v7.0.0', with: { 'go-version': 'stable', 'cache': false } },
  { name: 'Setup Java and Maven', uses: 'actions/setup-java@v6.0.0', with: { 'distribution': 'corretto', 'java-version': '17' } },
];
const READ_ONLY = { contents: github.workflows.JobPermission.READ };
/** How long the steps of `.ci/run` may take, and what the runner needs before them. */
const CI_MINUTES = [...readFileSync('.ci/steps', 'utf8').matchAll(/^ +(?:step|tests) (\d+)m /gm)]
  .reduce((sum, [, minutes]) => sum + Number(minutes), 10);
const everything = project.github!.addWorkflow('verify');
everything.on({ pullRequest: {}, push: { branches: ['main'] }, workflowDispatch: {} });
everything.addJobs({
  verify: {
    runsOn: ['ubuntu-latest'],
    timeoutMinutes: CI_MINUTES,
    permissions: READ_ONLY,
    steps: [...TOOLS, { name: 'Everything', run: 'bash .ci/run' }],
  },
  mutation: {
    name: 'mutants of the changed files',
    runsOn: ['ubuntu-latest'],
    timeoutMinutes: 60,
    permissions: READ_ONLY,
    if: "github.event_name == 'pull_request'",
    steps: [...TOOLS.slice(0, 2), { run: 'npm ci' }, { run: 'npx projen mutation:changed', env: { BASE: 'origin/${{ github.base_ref }}' } }],
  },
});
const nightly = project.github!.addWorkflow('nightly');
nightly.on({ schedule: [{ cron: '17 2 * * *' }], workflowDispatch: {} });
nightly.addJobs({
  proof: {
    runsOn: ['ubuntu-latest'],
    timeoutMinutes: 350,
    permissions: READ_ONLY,
    steps: [
      ...TOOLS.slice(0, 2),
      { run: 'npm ci' },
      { name: 'Sequences that no run had before', run: 'npx projen proof --alone --sequences 5000 --seeds ${{ github.run_number }}' },
      {
        name: 'Organizations that no run had before',
        if: 'success() || failure()',
        run: 'npx projen verify:proof organization/generated',
        env: { LIVES: '1000', SEED: '${{ github.run_number }}' },
      },
      {
        name: 'Nearly as many contacts as a stack holds',
        if: 'success() || failure()',
        run: 'npx projen verify:proof proof/load',
        env: { LOAD: '490' },
      },
      { name: 'Coverage of the unit tests', if: 'success() || failure()', run: 'npm test -- --coverage' },
    ],
  },
  mutation: {
    runsOn: ['ubuntu-latest'],
    timeoutMinutes: 350,
    permissions: READ_ONLY,
    steps: [
      ...TOOLS.slice(0, 2), { run: 'npm ci' }, { run: 'npx projen mutation' },
      github.WorkflowSteps.uploadArtifact({ if: 'always()', with: { name: 'mutation', path: 'test-reports/mutation.json' } }),
    ],
  },
});
project.synth();
