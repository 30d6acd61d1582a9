import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { resolved } from './capacity';
import { runChild } from './child';
import type { FunctionRun } from './function-child';
import { LocalAws } from './local-aws';
import { profile, Profile } from './profile';
import { alternate, Figure, figure } from './statistics';
import { bytesIn } from './template';
import type { Template } from '../../sandbox/cloudformation/template';
import { ContenderId, measuredOn } from '../contenders/contender';

export const EVENTS = ['Create', 'Update', 'Delete'] as const;
export type EventName = typeof EVENTS[number];
const FUNCTIONS = measuredOn('function');

export interface EventFigures {
  /** From the start of the process to the answer. */
  readonly answerMs: Figure;
  readonly loadMs: Figure;
  readonly cpuMs: Figure;
  readonly maxRssMb: Figure;
  readonly calls: string[];
}

export interface FunctionResult {
  readonly codeBytes: number;
  readonly functions: number;
  readonly events: Record<EventName, EventFigures>;
}

export interface FunctionsResult {
  readonly results: Partial<Record<ContenderId, FunctionResult>>;
  /** A process that loads nothing and does nothing. */
  readonly emptyMs: Figure;
  readonly profile: Profile;
  readonly missing: string[];
  /** The calls of one Delete, by the number of resources in the stack. */
  readonly callsOfDelete: { resources: number; calls: number }[];
}

interface Code {
  readonly directory: string;
  readonly handler: string;
}

interface Subject {
  readonly functions: Code[];
  readonly event: (name: EventName, physicalId?: string) => string;
}

interface Run {
  readonly answerMs: number;
  readonly loadMs: number;
  readonly cpuMs: number;
  readonly maxRssBytes: number;
  readonly physicalId: string;
  readonly calls: string[];
}

const RESPONSE_URL = 'https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/key?X-Amz-Signature=0123456789abcdef';
const RESOURCES = 10;

export async function measureFunctions(rounds: number, progress: (text: string) => void): Promise<FunctionsResult> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  const aws = await LocalAws.start();
  try {
    // Lambda's runtime has the SDK and nothing else of what is installed here.
    mkdirSync(join(directory, 'node_modules'));
    symlinkSync(dirname(dirname(require.resolve('@aws-sdk/client-account/package.json'))), join(directory, 'node_modules', '@aws-sdk'));
    const missing = ['@aws-sdk/client-lambda', '@aws-sdk/client-sfn'].filter(name => !existsSync(join(directory, 'node_modules', name)));
    const ids = FUNCTIONS.filter(id => id !== 'provider' || missing.length === 0);
    const subjects = new Map<ContenderId, Subject>();
    for (const id of ids) { subjects.set(id, await subjectOf(id, directory)); }
    const subject = (id: ContenderId) => subjects.get(id) as Subject;
    const run = (id: ContenderId, name: EventName, physicalId?: string, resources = RESOURCES) =>
      runOnce(aws, directory, subject(id), subject(id).event(name, physicalId), resources);

    const runs = await alternate(ids, rounds, async id => {
      const create = await run(id, 'Create');
      return { Create: create, Update: await run(id, 'Update', create.physicalId), Delete: await run(id, 'Delete', create.physicalId) };
    }, text => progress(`function, ${text}`));
    const empty = await alternate(['empty'], rounds, async () => {
      writeFileSync(join(directory, 'empty.js'), 'exports.handler = async () => undefined;');
      return (await runChild<FunctionRun>('function-child.js', [directory, 'empty.handler', '{}'])).wallMs;
    }, () => undefined);

    const results = Object.fromEntries(ids.map(id => [id, {
      codeBytes: subject(id).functions.reduce((sum, code) => sum + bytesIn(code.directory), 0),
      functions: subject(id).functions.length,
      events: Object.fromEntries(EVENTS.map(name => [name, summarize((runs.get(id) ?? []).map(all => all[name]))])),
    }])) as Partial<Record<ContenderId, FunctionResult>>;

    const { functions: [ours], event } = subject('ours');
    const callsOfDelete: FunctionsResult['callsOfDelete'] = [];
    for (const resources of [1, 10, 100, 250, 490]) {
      callsOfDelete.push({ resources, calls: (await run('ours', 'Delete', '200000000000/BILLING', resources)).calls.length });
    }
    progress('function: profile');
    aws.begin(RESOURCES);
    const profiled = await profile('function-child.js', () => [ours.directory, ours.handler, event('Create')], Math.max(rounds, 5),
      { env: environment(aws, directory) });
    return { results, emptyMs: figure(empty.get('empty') ?? []), profile: profiled, missing, callsOfDelete };
  } finally {
    aws.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function summarize(runs: Run[]): EventFigures {
  const of = (value: (run: Run) => number) => figure(runs.map(value));
  return {
    answerMs: of(run => run.answerMs),
    loadMs: of(run => run.loadMs),
    cpuMs: of(run => run.cpuMs),
    maxRssMb: of(run => run.maxRssBytes / 1e6),
    calls: runs[0].calls,
  };
}

function environment(aws: LocalAws, directory: string): NodeJS.ProcessEnv {
  return { ...aws.environment, NODE_PATH: join(directory, 'node_modules'), HOME: directory };
}

/** Runs the first function; where it invokes the second, that one gets a process too, as it would get an environment in Lambda. */
async function runOnce(aws: LocalAws, directory: string, { functions: [first, second] }: Subject, event: string, resources: number): Promise<Run> {
  const env = environment(aws, directory);
  const runs: FunctionRun[] = [];
  const start = async (code: Code, payload: string) => {
    const { result } = await runChild<FunctionRun>('function-child.js', [code.directory, code.handler, payload], { env });
    runs.push(result);
    return result.returned ?? null;
  };
  aws.begin(resources, payload => start(second, payload));
  const begun = performance.now();
  await start(first, event);
  const { answered } = aws;
  if (answered?.body.Status !== 'SUCCESS') { throw new Error(`The function answered ${JSON.stringify(answered?.body)}`); }
  const sum = (value: (run: FunctionRun) => number) => runs.reduce((total, run) => total + value(run), 0);
  return {
    answerMs: answered.at - begun,
    loadMs: sum(run => run.loadMs),
    cpuMs: sum(run => run.cpuMs),
    maxRssBytes: sum(run => run.maxRssBytes),
    physicalId: answered.body.PhysicalResourceId,
    calls: aws.calls,
  };
}

/** Takes a contender's functions and the properties of its resource out of its template, as CloudFormation would. */
async function subjectOf(id: ContenderId, directory: string): Promise<Subject> {
  const outdir = join(directory, `${id}.out`);
  await runChild('synthesis-child.js', [id, '3', outdir]);
  const template = JSON.parse(readFileSync(join(outdir, 'contacts.template.json'), 'utf8')) as Template;
  const resources = Object.entries(template.Resources ?? {});
  const codeOf = (logicalId: string): Code => {
    const { Code: code, Handler } = template.Resources?.[logicalId].Properties as { Code: { ZipFile?: string; S3Key?: string }; Handler: string };
    const folder = join(directory, `${id}-${logicalId}`);
    if (code.ZipFile === undefined) { return { directory: join(outdir, `asset.${code.S3Key?.replace(/\.zip$/, '')}`), handler: Handler }; }
    mkdirSync(folder);
    writeFileSync(join(folder, 'index.js'), code.ZipFile);
    return { directory: folder, handler: Handler };
  };
  const isCustom = ([, { Properties: properties }]: typeof resources[number]) => properties?.ServiceToken !== undefined;
  const [logicalId, { Properties = {}, Type }] = resources.find(isCustom) ?? ['', { Type: '' }];
  const token = Properties.ServiceToken as { 'Fn::GetAtt': [string, string] };
  const names = resources.filter(([, resource]) => resource.Type === 'AWS::Lambda::Function').map(([name]) => name);
  const first = token['Fn::GetAtt'][0];
  const properties = resolved(template).properties(logicalId);
  return {
    functions: [first, ...names.filter(name => name !== first)].map(codeOf),
    event: (RequestType, PhysicalResourceId) => JSON.stringify({
      RequestType,
      ResponseURL: RESPONSE_URL,
      StackId: 'arn:aws:cloudformation:us-east-1:111111111111:stack/contacts/00000000-0000-4000-8000-000000000000',
      RequestId: '00000000-0000-4000-8000-000000000000',
      LogicalResourceId: logicalId,
      PhysicalResourceId,
      ResourceType: Type,
      ServiceToken: properties.ServiceToken,
      ResourceProperties: properties,
      ...(RequestType === 'Update' && { OldResourceProperties: properties }),
    }),
  };
}
