import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FilterLogEventsCommand, ResourceNotFoundException } from '@aws-sdk/client-cloudwatch-logs';
import { Chapter, CHAPTERS, STACK_NAME } from './chapters';
import type { CheckResult } from './checks';
import type { Aws } from './clients';
import { readContacts, TYPES, writeContact } from './contacts';
import { judge, storedAs } from './judge';
import { clean, resourcesOf, statusOf } from './stacks';
import { ROOT } from '../tools/packages';
import { cleanEnvironment, run } from '../tools/processes';

export interface OwnAccountOptions {
  /** Where the cloud assembly goes. */
  readonly directory: string;
  /** Seconds to wait for lines of the log, which arrive late. @default 60 */
  readonly logSeconds?: number;
  /** Changes the chapters, for engines that differ from AWS and for libraries that are broken on purpose. @default - the chapters as they are */
  readonly change?: (chapter: Chapter) => Chapter;
  /** The app of the chapters. @default - app.ts */
  readonly app?: string;
}

const APP = join('verification', 'aws', 'app.ts');

/** Takes a stack through its life, and reads after each step what AWS has. What goes wrong in a step ends the level. */
export async function tryOwnAccount(aws: Aws, report: (result: CheckResult) => void, options: OwnAccountOptions): Promise<void> {
  for (const chapter of CHAPTERS.map(options.change ?? (same => same))) {
    const began = Date.now();
    const { byHand = {} } = chapter;
    for (const type of TYPES.filter(each => storedAs(byHand, each))) { await writeContact(aws.account, type, storedAs(byHand, type)); }
    const output = await enact(aws, chapter, options);
    const result = judge(chapter, {
      status: await statusOf(aws, STACK_NAME),
      contacts: await readContacts(aws.account),
      lines: chapter.events ? await linesSince(aws, began, chapter.events.length, options.logSeconds ?? 60) : [],
    });
    report(result);
    if (result.differences.length) {
      const { check } = chapter;
      throw new Error(`The check "${check}" ended differently, so those after it would prove nothing. The CDK CLI wrote:\n${output.slice(-2_000)}`);
    }
  }
}

/** Deploys or destroys. Deployments that must fail do, so what the CLI writes is only shown if a difference is found. */
async function enact(aws: Aws, { check, declare }: Chapter, { directory, app = APP }: OwnAccountOptions): Promise<string> {
  if (!declare) {
    await clean(aws, () => undefined, 1);
    return '';
  }
  const bin = (program: string) => join(ROOT, 'node_modules', '.bin', program);
  const where = { AWS_REGION: aws.region, TRY_ENVIRONMENT: `${aws.accountId}/${aws.region}` };
  const { output } = await run([
    bin('cdk'), 'deploy', STACK_NAME, '--app', `${bin('tsx')} ${app}`, '--output', join(directory, 'cdk.out'),
    '--require-approval', 'never', '--no-color', '--no-notices', '--ci',
  ], {
    cwd: ROOT,
    env: { ...cleanEnvironment(), ...where, CHAPTER: check, CDK_VALIDATION: 'false' },
    minutes: 15,
  });
  return output;
}

/** Waits until the functions have logged so many events, and then for as many seconds as it takes to see that there are no more. */
async function linesSince(aws: Aws, began: number, count: number, seconds: number): Promise<string[]> {
  const until = Date.now() + seconds * 1_000;
  for (;;) {
    const lines = await logged(aws, began);
    if (Date.now() >= until || (lines.filter(line => line.startsWith('{')).length > count)) { return lines; }
    await sleep(Math.min(5_000, Math.max(100, until - Date.now())));
  }
}

async function logged({ logs, ...aws }: Aws, began: number): Promise<string[]> {
  const groups = (await resourcesOf({ logs, ...aws }, STACK_NAME)).filter(({ ResourceType }) => ResourceType === 'AWS::Logs::LogGroup');
  const lines: string[] = [];
  for (const { PhysicalResourceId } of groups) {
    let nextToken: string | undefined;
    do {
      const page = await logs.send(new FilterLogEventsCommand({ logGroupName: PhysicalResourceId, startTime: began, nextToken }))
        .catch((error: unknown) => {
          if (error instanceof ResourceNotFoundException) { return { events: [], nextToken: undefined }; }
          throw error;
        });
      lines.push(...(page.events ?? []).map(({ message = '' }) => message));
      nextToken = page.nextToken;
    } while (nextToken);
  }
  return lines;
}
