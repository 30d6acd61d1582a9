/**
 * Runs a sequence of deployments of one system in the sandbox, and looks for what must not happen:
 *
 * 1. After a deployment, each account has what it may have: see expectedAfter().
 * 2. No contact that is declared before and after a successful deployment is deleted in between.
 * 3. Nothing fails without a cause, is stuck or orphaned.
 * 4. Every event is answered within the protocol, and nothing personal is in a log, a response or an id.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, BootstraplessSynthesizer, CfnParameter, CfnResource, DefaultStackSynthesizer, NestedStack, Stack } from 'aws-cdk-lib';
import { Breach, breachAt, Declared, Deployment, ContactEvent, Snapshot } from './deployment';
import { KnownLimit, knownLimitOf } from './limits';
import { apply, ByHand, contactNameOf, contactValues, ContactDeclaration, EMPTY, keyOf, MEMBERS, Model, OWN, PARAMETERS, PERSONAL, Sequence, StackName, STACKS, Step } from './model';
import { System } from './systems';
import { CustomResourceEvent, Failures, Sandbox, StackResult, Template } from '../../sandbox';
import { generator } from '../../sandbox/core/generator';
import { openSandbox } from '../../test/open-sandbox';
import type { ContactInTemplate, ContactToDeclare } from '../contenders/contender';

export interface Finding {
  readonly breach: Breach;
  readonly step: number;
  readonly text: string;
  /** Set where a limit that is named explains it. */
  readonly limit?: KnownLimit;
}

export interface Run {
  readonly findings: Finding[];
  /** The status that each deployment ended in. */
  readonly statuses: string[];
  readonly calls: number;
}

export interface SequenceOptions {
  readonly seed?: number;
  readonly policyDelaySeconds?: number;
  /** @default 100 */
  readonly timeScale?: number;
}

/** Runs one sequence on a system. */
export async function run(system: System, sequence: Sequence, options: SequenceOptions = {}): Promise<Run> {
  const { seed = 1, policyDelaySeconds = 3, timeScale = 100 } = options;
  const { steps, readDelaySeconds = 0, readsAnyReplica = false, concurrency } = sequence;
  const delays = [readDelaySeconds].flat();
  const longestDelay = Math.max(...delays);
  let writes = 0;
  const sandbox = await openSandbox({
    managementAccount: OWN,
    memberAccounts: MEMBERS,
    timeScale,
    reuseProcesses: true,
    policyDelaySeconds,
    readDelaySeconds: () => delays[Math.min(writes++, delays.length - 1)],
    readReplica: readsAnyReplica ? generator(seed) : undefined,
    concurrentExecutions: concurrency,
    responseUrl: system.usesAssets ? 's3' : 'http',
  });
  const proof = new Proof(sandbox, system, longestDelay);
  try {
    for (const [index, step] of steps.entries()) {
      if (!step.soon) { await sandbox.clock.sleep(longestDelay); }
      await proof.take(index, step, seed);
    }
    await proof.checkTalk(steps.length - 1);
    return { findings: proof.findings, statuses: proof.statuses, calls: sandbox.calls.length };
  } finally {
    await sandbox.idle();
    await sandbox.close();
    proof.removeAssemblies();
  }
}

interface Assembly {
  readonly template: Template;
  readonly assetDirectory: string;
}

interface Plan {
  readonly name: StackName;
  /** What the stack's last successful template declares; undefined if there is no stack. */
  readonly known?: Declared;
  readonly after: Declared;
  /** Left out where nothing is declared any more: the stack is deleted. */
  readonly assembly?: Assembly;
}

class Proof {
  public readonly findings: Finding[] = [];
  public readonly statuses: string[] = [];
  private model: Model = EMPTY;
  /** What each stack's last successful template declares. */
  private readonly deployed = new Map<StackName, Declared>();
  /** The events that Lambda was told to deliver more than once, by their RequestId. */
  private readonly repeated = new Set<string>();
  /** The events that CloudFormation no longer waited for, because a sibling had failed. */
  private readonly cancelled = new Set<string>();
  /** When a contact was last changed by hand so that reads lag behind. */
  private readonly changedByHand = new Map<string, number>();
  private readonly assemblies = mkdtempSync(join(tmpdir(), 'proof-'));
  private serial = 0;
  private step = 0;

  constructor(private readonly sandbox: Sandbox, private readonly system: System, private readonly longestDelay: number) {}

  public async take(index: number, step: Step, seed: number): Promise<void> {
    this.step = index;
    this.model = apply(this.model, step.edits, () => (this.serial += 1));
    const plans = (Object.keys(STACKS) as StackName[]).map(stack => this.plan(stack, step)).filter(plan => plan !== undefined);
    // Only now: reads may be behind what was done just before.
    step.byHand.forEach(edit => this.editByHand(edit));
    this.disturb(step, seed + index);
    for (const plan of plans) { await this.deploy(plan, step); }
    this.sandbox.faults.clear();
  }

  /** The functions run from the assemblies, so they stay until the end. */
  public removeAssemblies(): void {
    rmSync(this.assemblies, { recursive: true, force: true });
  }

  /** Looks at what was said: events, responses, logs and ids. */
  public async checkTalk(step: number): Promise<void> {
    this.step = step;
    await this.sandbox.idle();
    for (const violation of this.sandbox.violations) {
      this.found(violation.endsWith('Delete answered with another PhysicalResourceId') ? 'another id on Delete' : 'other protocol', violation);
    }
    const said = [...this.sandbox.logs.map(({ line }) => line), ...this.sandbox.responses.map(({ raw }) => raw)];
    for (const text of said.filter(line => PERSONAL.test(line)).slice(0, 1)) { this.found('personal data', text.slice(0, 500)); }
    const answered = new Set(this.sandbox.responses.filter(({ httpStatus }) => httpStatus === 200).map(({ requestId }) => requestId));
    // One that nobody waits for goes with its function, if the rollback deletes that while the event is in the queue.
    const unanswered = this.sandbox.events.filter(({ RequestId }) => !answered.has(RequestId) && !this.cancelled.has(RequestId));
    for (const { RequestType, LogicalResourceId } of unanswered) { this.found('unanswered', `${RequestType} of ${LogicalResourceId}`); }
  }

  private editByHand({ account, type, action, justNow }: ByHand): void {
    const by = justNow ? 'api' : 'hand';
    if (justNow) { this.changedByHand.set(`${account}/${type}`, this.sandbox.clock.now()); }
    if (action === 'delete') { this.sandbox.contacts.delete(account, type, by); } else { this.sandbox.contacts.put(account, { AlternateContactType: type, ...contactValues(this.serial += 1) }, by); }
  }

  private disturb({ refused, disturbances }: Step, seed: number): void {
    this.sandbox.faults.clear();
    if (refused) {
      this.sandbox.faults.add({
        api: 'PutAlternateContact', kind: 'error', status: 400, name: 'ValidationException', message: 'no', times: 1, match: call => call.contactType === refused,
      });
    }
    if (disturbances.length > 0) {
      this.sandbox.faults.addRandom({ seed, probability: 0.3, kinds: disturbances });
      this.sandbox.faults.addRandom({ seed, probability: 0.3, kinds: ['500', 'drop'], api: 'ResponseURL' });
    }
  }

  /** What is to be deployed of one stack and its nested stacks; undefined for nothing. */
  private plan(name: StackName, step: Step): Plan | undefined {
    const known = this.deployed.get(name);
    const after: Declared = new Map(this.model.declarations.filter(({ stack }) => stack === name)
      .map(declaration => [keyOf(declaration, this.model), declaration]));
    if (!known && after.size === 0) { return undefined; }
    return { name, known, after, assembly: after.size === 0 ? undefined : this.synthesize(name, after, step) };
  }

  /** Deploys one stack and its nested stacks, and judges what came of it. */
  private async deploy({ name, known, after, assembly }: Plan, step: Step): Promise<void> {
    const before: Declared = known ?? new Map();
    const account = STACKS[name];
    const was = this.snapshot();
    const unsettled = this.unsettled();
    const [firstCall, firstEvent] = [this.sandbox.calls.length, this.sandbox.events.length];
    const duplicates = step.duplicates && (({ RequestId }: CustomResourceEvent) => {
      this.repeated.add(RequestId);
      return step.duplicates === 'at once' ? true : 20;
    });
    const { parameters } = this.model;
    const result = assembly
      ? await this.sandbox.deploy({ stackName: name, account, duplicates, parameters, ...assembly, fail: failuresOf(step, known, after) })
      : await this.sandbox.destroy({ stackName: name, account, duplicates });
    await this.sandbox.idle();
    this.statuses.push(result.status);
    const elsewhere = new Set([...this.deployed].filter(([stack]) => stack !== name).flatMap(([, declared]) => [...declared.keys()]));
    const requests = this.requestsOf(this.sandbox.events.slice(firstEvent), result);
    this.judge(name, result, { succeeded: isSuccess(result), before, after, elsewhere, was, unsettled, requests }, step, firstCall);

    if (result.status === 'DELETE_COMPLETE') { this.deployed.delete(name); } else if (isSuccess(result)) { this.deployed.set(name, after); }
    // A stack that could not be created can only be deleted; one that is stuck needs somebody to help.
    if (/^ROLLBACK_|FAILED/.test(result.status)) {
      if (result.status.endsWith('FAILED') && !isRefused(step, before, after)) { this.found('stuck', `${name} is in ${result.status}: ${result.reason}`); }
      this.deployed.delete(name);
      this.sandbox.faults.clear();
      const { status } = await this.sandbox.destroy({ stackName: name, account });
      if (status !== 'DELETE_COMPLETE') { this.sandbox.stacks.forget(name, account, 'us-east-1'); }
      this.disturb(step, this.step);
    }
  }

  private judge(name: StackName, result: StackResult, deployment: Deployment, step: Step, firstCall: number): void {
    const { succeeded, before, after, was, requests } = deployment;
    const now = this.snapshot();
    const found = (breach: Breach, key: string) => {
      const is = now.get(key);
      this.found(breach, `${key} in ${name}, ${result.status}: was ${was.get(key)}, is ${is}`, knownLimitOf({ breach, key, is }, deployment));
    };
    const limitOf = (breach: Breach, request: ContactEvent | undefined) =>
      request && knownLimitOf({ breach, key: request.key, is: now.get(request.key) }, deployment);
    for (const { logicalId } of result.orphans) {
      const deletion = requests.find(request => request.requestType === 'Delete' && request.logicalId === logicalId);
      this.found('orphaned', `${logicalId} of ${name}`, limitOf('orphaned', deletion));
    }
    if (!succeeded && !hasCause(step, deployment)) {
      this.found('failed without cause', `${name}: ${result.reason}`, limitOf('failed without cause', requests.find(({ isDenied, isRefused: isKept }) => isDenied || isKept)));
    }
    for (const key of new Set([...was.keys(), ...now.keys(), ...before.keys(), ...after.keys()])) {
      const breach = breachAt(deployment, key, now.get(key));
      if (breach) { found(breach, key); }
    }
    if (!succeeded) { return; }
    for (const { api, outcome, targetAccount, contactType } of this.sandbox.calls.slice(firstCall)) {
      const key = `${targetAccount}/${contactType}`;
      if (api === 'DeleteAlternateContact' && ['ok', 'drop-after'].includes(outcome) && before.has(key) && after.has(key)) { found('missing meanwhile', key); }
    }
  }

  /** What was asked of the functions in a deployment. */
  private requestsOf(events: CustomResourceEvent[], result: StackResult): ContactEvent[] {
    const cancelled = new Set(result.events.filter(({ reason = '' }) => /^Resource (creation|update) cancelled/.test(reason))
      .map(({ stackName, logicalId }) => `${stackName} ${logicalId}`));
    const failedWith = (words: string) => new Set(result.events.filter(({ reason = '' }) => reason.includes(words))
      .map(({ stackName, logicalId }) => `${stackName} ${logicalId}`));
    const denied = failedWith('is not authorized to perform: cloudformation:ListStackResources');
    const refused = failedWith('Did not overwrite');
    const repeated = new Set([...this.repeated, ...this.sandbox.redelivered.map(({ RequestId }) => RequestId)]);
    return events.map(({ RequestType, RequestId, StackId, LogicalResourceId, ResourceProperties, OldResourceProperties }) => {
      const contactIn = (properties: CustomResourceEvent['ResourceProperties']): ContactInTemplate =>
        this.system.contactIn?.(properties, RequestType) ?? properties;
      const keyIn = (properties: CustomResourceEvent['ResourceProperties']) => {
        const { AccountId = StackId.split(':')[4], AlternateContactType } = contactIn(properties);
        return `${AccountId}/${AlternateContactType}`;
      };
      // Only what came first was cancelled: what a rollback asks afterwards is waited for.
      const resource = `${StackId.split('/')[1]} ${LogicalResourceId}`;
      const isCancelled = cancelled.delete(resource);
      if (isCancelled) { this.cancelled.add(RequestId); }
      return {
        requestType: RequestType,
        logicalId: LogicalResourceId,
        isNew: RequestType === 'Create' || (OldResourceProperties !== undefined && keyIn(ResourceProperties) !== keyIn(OldResourceProperties)),
        key: keyIn(ResourceProperties),
        name: contactIn(ResourceProperties).Name,
        isCancelled,
        isRepeated: repeated.has(RequestId),
        isDenied: denied.has(resource),
        isRefused: refused.has(resource),
      };
    });
  }

  private synthesize(name: StackName, declared: Declared, step: Step): Assembly {
    const app = new App({ analyticsReporting: false, outdir: mkdtempSync(join(this.assemblies, 'cdk.out-')) });
    const nests = nestsOf(declared);
    const root = new Stack(app, name, {
      env: { account: STACKS[name], region: 'us-east-1' },
      synthesizer: this.system.usesAssets || nests.length > 0
        ? new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) : new BootstraplessSynthesizer(),
    });
    for (const parameter of PARAMETERS) { new CfnParameter(root, parameter, { default: '' }); }
    const stacks = new Map<string, Stack>([['', root]]);
    for (const nest of nests) {
      const parent = stacks.get(parentOf(nest))!;
      stacks.set(nest, new NestedStack(parent, nest.split('/').pop()!));
    }
    for (const declaration of declared.values()) {
      this.system.declare(stacks.get(declaration.nest ?? '')!, contactOf(declaration, id => root.node.findChild(id) as CfnParameter));
    }
    // Innermost first, so that a sibling that fails afterwards comes after what is nested, too.
    for (const [nest, stack] of [...stacks].reverse()) { this.addSibling(stack, nest, step, declared); }
    const assembly = app.synth();
    const template = assembly.getStackByName(name).template as Template;
    this.system.transform?.(template);
    for (const { templateFile } of this.system.transform ? [...stacks.values()].filter(stack => stack !== root) : []) {
      const file = join(assembly.directory, templateFile);
      const nested = JSON.parse(readFileSync(file, 'utf8')) as Template;
      this.system.transform?.(nested);
      writeFileSync(file, JSON.stringify(nested));
    }
    return { template, assetDirectory: assembly.directory };
  }

  private addSibling(stack: Stack, nest: string, step: Step, declared: Declared): void {
    const isToFail = step.sibling && failingNest(step, declared) === nest;
    const others = stack.node.children.filter(child => !CfnParameter.isCfnElement(child));
    const sibling = new CfnResource(stack, siblingId(nest), { type: 'AWS::SSM::Parameter', properties: { Type: 'String', Value: isToFail ? `fails${this.step}` : 'stays' } });
    if (isToFail && step.sibling === 'afterwards') { sibling.node.addDependency(...others); }
  }

  /** The contacts that reads may show as they were before their last change. */
  private unsettled(): Set<string> {
    const since = this.sandbox.clock.now() - this.longestDelay * 1000;
    const calls = this.sandbox.calls.filter(({ api, outcome, at }) => /^(Put|Delete)AlternateContact$/.test(api) && ['ok', 'drop-after'].includes(outcome) && at > since);
    const byHand = [...this.changedByHand].filter(([, at]) => at > since).map(([key]) => key);
    return new Set([...calls.map(({ targetAccount, contactType }) => `${targetAccount}/${contactType}`), ...byHand]);
  }

  private snapshot(): Snapshot {
    return new Map([OWN, ...MEMBERS].flatMap(account => this.sandbox.contacts.list(account)
      .map(contact => [`${account}/${contact.AlternateContactType}`, contact.Name] as const)));
  }

  private found(breach: Breach, text: string, limit?: KnownLimit): void {
    this.findings.push({ breach, step: this.step, text, limit });
  }
}

/** A declaration in the words of the contenders. */
function contactOf(declaration: ContactDeclaration, parameter: (name: string) => CfnParameter): ContactToDeclare {
  const { path, account, type, values, retain, overwriteExisting, provider } = declaration;
  return {
    path,
    accountId: account.as === 'omitted' ? undefined : account.as === 'literal' ? account.id : parameter(account.parameter).valueAsString,
    type,
    values: contactValues(values),
    retain,
    overwriteExisting,
    provider: provider === 'default' ? undefined : provider,
  };
}

/** Whether a deployment may fail: something was made to, or a contact that must not be overwritten was there, or may have seemed to be. */
function hasCause(step: Step, { before, after, was, unsettled }: Deployment): boolean {
  return step.sibling !== undefined || isRefused(step, before, after)
    || [...after].some(([key, declaration]) =>
      !declaration.overwriteExisting && !before.has(key) && ((was.has(key) && was.get(key) !== contactNameOf(declaration)) || unsettled.has(key)));
}

/** Whether the put that the service refuses may have been one of these. It may be one of the rollback, and then nothing helps. */
function isRefused({ refused }: Step, before: Declared, after: Declared): boolean {
  return [...before.values(), ...after.values()].some(({ type }) => type === refused);
}

/** The nested stacks of a stack, outer ones first. */
function nestsOf(declared: Declared): string[] {
  const nests = [...declared.values()].flatMap(({ nest = '' }) => nest.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/')));
  return [...new Set(nests)].filter(nest => nest !== '').sort();
}

function parentOf(nest: string): string {
  return nest.split('/').slice(0, -1).join('/');
}

/** The stack whose sibling is to fail: a nested one, if that is wanted and there is one, or the root. */
function failingNest({ siblingIsNested }: Step, after: Declared): string {
  return siblingIsNested ? nestsOf(after).at(-1) ?? '' : '';
}

function siblingId(nest: string): string {
  return `Sibling${nest.replaceAll('/', '')}`;
}

function failuresOf(step: Step, before: Declared | undefined, after: Declared): Failures | undefined {
  if (!step.sibling) { return undefined; }
  const nest = failingNest(step, after);
  const isThere = nest === '' ? before !== undefined : before !== undefined && nestsOf(before).includes(nest);
  return { [siblingId(nest)]: { phase: isThere ? 'Update' : 'Create', afterSeconds: step.sibling === 'meanwhile' ? 0.5 : 0 } };
}

/** An update that changes nothing is none: what the last success declared counts. */
function isSuccess({ status, reason }: StackResult): boolean {
  return /^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(status) || reason === 'No updates are to be performed.';
}
