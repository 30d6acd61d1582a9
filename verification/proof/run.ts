/**
 * Runs a sequence of deployments of one system in the sandbox, and checks that:
 *
 * 1. after a deployment, each account has what it may have: see expectedAfter();
 * 2. no contact that is declared before and after a successful deployment is deleted in between;
 * 3. nothing fails without a cause, is stuck or orphaned;
 * 4. every event is answered within the protocol, and nothing personal is in a log, a response or an id.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Assembly, failuresOf, synthesize } from './assembly';
import { Breach, breachAt, Declared, Deployment, ContactEvent, Snapshot } from './deployment';
import { KnownLimit, knownLimitOf } from './limits';
import { apply, ByHand, contactNameOf, contactValues, EMPTY, keyOf, MEMBERS, Model, OWN, PERSONAL, Sequence, StackName, STACKS, Step } from './model';
import { System } from './systems';
import { CustomResourceEvent, Sandbox, StackResult } from '../../sandbox';
import { generator } from '../../sandbox/core/generator';
import { openSandbox } from '../../test/open-sandbox';
import type { ContactInTemplate } from '../contenders/contender';

export interface Finding {
  readonly breach: Breach;
  readonly step: number;
  readonly text: string;
  /** The known limit that explains it, if there is one. */
  readonly limit?: KnownLimit;
}

export interface Run {
  readonly findings: Finding[];
  /** The status that each deployment ended in. */
  readonly statuses: string[];
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
    await proof.checkMessages(steps.length - 1);
    return { findings: proof.findings, statuses: proof.statuses };
  } finally {
    await sandbox.idle();
    await sandbox.close();
    proof.removeAssemblies();
  }
}

interface Plan {
  readonly name: StackName;
  /** The declarations of the stack's last successful template; undefined if there is no stack. */
  readonly known?: Declared;
  readonly after: Declared;
  /** Left out if nothing is declared any more: the stack is deleted. */
  readonly assembly?: Assembly;
}

class Proof {
  public readonly findings: Finding[] = [];
  public readonly statuses: string[] = [];
  private model: Model = EMPTY;
  /** The declarations of each stack's last successful template. */
  private readonly deployed = new Map<StackName, Declared>();
  /** The RequestIds of the events that Lambda delivers more than once. */
  private readonly repeated = new Set<string>();
  /** The RequestIds of the events that CloudFormation no longer waits for, because a sibling has failed. */
  private readonly cancelled = new Set<string>();
  /** When each contact was last changed by hand in a way that reads do not show at once. */
  private readonly changedByHand = new Map<string, number>();
  private readonly assemblies = mkdtempSync(join(tmpdir(), 'proof-'));
  private serial = 0;
  private step = 0;

  constructor(private readonly sandbox: Sandbox, private readonly system: System, private readonly longestDelay: number) {}

  public async take(index: number, step: Step, seed: number): Promise<void> {
    this.step = index;
    this.model = apply(this.model, step.edits, () => (this.serial += 1));
    const plans = (Object.keys(STACKS) as StackName[]).map(stack => this.plan(stack, step)).filter(plan => plan !== undefined);
    // Only now, just before the deployments: reads may not show it yet.
    step.byHand.forEach(edit => this.editByHand(edit));
    this.disturb(step, seed + index);
    for (const plan of plans) { await this.deploy(plan, step); }
    this.sandbox.faults.clear();
  }

  /** The functions run from the assemblies, so they stay until the end. */
  public removeAssemblies(): void {
    rmSync(this.assemblies, { recursive: true, force: true });
  }

  /** Checks the events, responses and logs. */
  public async checkMessages(step: number): Promise<void> {
    this.step = step;
    await this.sandbox.idle();
    for (const violation of this.sandbox.violations) {
      this.found(violation.endsWith('Delete answered with another PhysicalResourceId') ? 'another id on Delete' : 'other protocol', violation);
    }
    const messages = [...this.sandbox.logs.map(({ line }) => line), ...this.sandbox.responses.map(({ raw }) => raw)];
    for (const text of messages.filter(line => PERSONAL.test(line)).slice(0, 1)) { this.found('personal data', text.slice(0, 500)); }
    const answered = new Set(this.sandbox.responses.filter(({ httpStatus }) => httpStatus === 200).map(({ requestId }) => requestId));
    // An event that CloudFormation no longer waits for may never run: the rollback may delete its function while the event is queued.
    const unanswered = this.sandbox.events.filter(({ RequestId }) => !answered.has(RequestId) && !this.cancelled.has(RequestId));
    for (const { RequestType, LogicalResourceId } of unanswered) { this.found('unanswered', `${RequestType} of ${LogicalResourceId}`); }
  }

  private editByHand({ account, type, action, justNow }: ByHand): void {
    const by = justNow ? 'api' : 'hand';
    if (justNow) { this.changedByHand.set(`${account}/${type}`, this.sandbox.clock.now()); }
    if (action === 'delete') {
      this.sandbox.contacts.delete(account, type, by);
    } else {
      this.sandbox.contacts.put(account, { AlternateContactType: type, ...contactValues(this.serial += 1) }, by);
    }
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

  /** Plans the deployment of one stack and its nested stacks; undefined if there is nothing to deploy. */
  private plan(name: StackName, step: Step): Plan | undefined {
    const known = this.deployed.get(name);
    const after: Declared = new Map(this.model.declarations.filter(({ stack }) => stack === name)
      .map(declaration => [keyOf(declaration, this.model), declaration]));
    if (!known && after.size === 0) { return undefined; }
    const assembly = after.size === 0 ? undefined : synthesize(this.system, name, after, step, `fails${this.step}`, this.assemblies);
    return { name, known, after, assembly };
  }

  /** Deploys one stack and its nested stacks, and judges the result. */
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
    // A stack that could not be created can only be deleted. One that is stuck needs help by hand.
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

  /** The events of a deployment, with what became of each. */
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
      // Only the resource's first event was cancelled. CloudFormation waits for the events of the rollback.
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

  /** The contacts whose last change reads may not show yet. */
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

/** Whether a deployment may fail: a step made it fail, or a contact that must not be overwritten existed, or reads may have shown one. */
function hasCause(step: Step, { before, after, was, unsettled }: Deployment): boolean {
  return step.sibling !== undefined || isRefused(step, before, after)
    || [...after].some(([key, declaration]) =>
      !declaration.overwriteExisting && !before.has(key) && ((was.has(key) && was.get(key) !== contactNameOf(declaration)) || unsettled.has(key)));
}

/** Whether the service may have refused a put of one of these. It may even be a put of the rollback. */
function isRefused({ refused }: Step, before: Declared, after: Declared): boolean {
  return [...before.values(), ...after.values()].some(({ type }) => type === refused);
}

/** CloudFormation refuses an update without a change, and keeps the stack as it is: that is a success. */
function isSuccess({ status, reason }: StackResult): boolean {
  return /^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(status) || reason === 'No updates are to be performed.';
}
