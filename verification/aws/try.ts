/*
 * Asks AWS itself what the library and the sandbox assume: `npx projen try:aws`. CONTRIBUTING.md says what it is for, command-line.ts what it takes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { writeAnswers } from './answers';
import { ask } from './asked';
import type { CheckResult, Level } from './checks';
import { Aws, connect, isElsewhere } from './clients';
import { CommandLine, parseCommandLine, USAGE } from './command-line';
import { readContacts } from './contacts';
import { tryOwnAccount } from './own-account';
import { mustLast, planOf } from './plan';
import { askWithRole } from './role';
import { fileFor, giveBack, keep } from './safe-keeping';
import { clean } from './stacks';
import { writeDocuments } from './write';

const print = (line: string) => { process.stdout.write(`${line}\n`); };

/** @returns the exit code */
async function main(argv: readonly string[]): Promise<number> {
  const options = parseCommandLine(argv);
  const aws = await connect(options.region);
  if (!aws) {
    print('There are no AWS credentials. With those of an account that you may change, this deploys, edits and destroys a stack of contacts there,');
    print('asks AWS about everything that this project assumes, and writes down what AWS answers. It prints its plan first.');
    print(`\n${USAGE}`);
    return options.yes ? 1 : 0;
  }
  if (!options.account) { throw new Error(`--account is missing: it must name the account that may be used\n\n${USAGE}`); }
  if (options.account !== aws.accountId) {
    throw new Error(`The credentials belong to account ${aws.accountId}, not to ${options.account}. Nothing was done.`);
  }
  if (options.clean) {
    await clean(aws, print);
    print(`No stack is left. Contacts that were kept are in ${fileFor(aws)}, if it exists: --give-back gives them back.`);
    return 0;
  }
  if (options.giveBack) {
    await giveBack(aws, options.giveBack);
    print('The contacts are as they were. The file is deleted.');
    return 0;
  }
  return check(aws, options);
}

async function check(aws: Aws, options: CommandLine): Promise<number> {
  mustLast(aws, options.levels);
  const file = fileFor(aws);
  print(planOf(aws, options, options.levels.includes('own-account') ? await readContacts(aws.account) : {}, file));
  if (!options.yes && !await isConfirmed(aws.accountId)) {
    print('Nothing was done.');
    return 1;
  }
  const results: CheckResult[] = [];
  const report = (result: CheckResult) => {
    results.push(result);
    print(`${result.differences.length ? 'DIFFERENT' : result.isUndecided ? 'undecided' : 'as assumed'}  ${result.check}: ${result.answer}`);
    result.differences.forEach(difference => print(`           ${difference}`));
  };
  try {
    for (const level of options.levels) { await RUN[level](aws, options, report, file); }
  } finally {
    record(results, aws.region);
  }
  return results.some(({ differences }) => differences.length) ? 1 : 0;
}

const RUN: { readonly [level in Level]: (aws: Aws, options: CommandLine, report: (result: CheckResult) => void, file: string) => Promise<void> } = {
  'asked': (aws, _, report) => ask(aws, report),
  'role': (aws, { role }, report) => askWithRole(aws, report, { role }),
  'own-account': async (aws, { overwrite }, report, file) => {
    await keep(aws, file, overwrite);
    const directory = mkdtempSync(join(tmpdir(), 'try-aws-'));
    try {
      await tryOwnAccount(aws, report, { directory });
    } finally {
      rmSync(directory, { recursive: true, force: true });
      await clean(aws, print);
      await giveBack(aws, file);
    }
  },
};

/** Answers of other servers are not kept. */
function record(results: readonly CheckResult[], region: string): void {
  if (isElsewhere()) {
    print('Nothing is written down, because AWS_ENDPOINT_URL names another server than AWS.');
    return;
  }
  writeDocuments(writeAnswers(results, region));
  print('verification/aws/results.md and docs/assumptions.md hold what AWS answered. Please open a pull request with them.');
}

async function isConfirmed(accountId: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Type the id of the account to go on: ').finally(() => terminal.close());
  return answer.trim() === accountId;
}

main(process.argv.slice(2)).then(code => { process.exitCode = code; }, (error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
