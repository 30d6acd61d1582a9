import { Person, same, storedContact, synthesize, Transform } from './deployment';
import { leaks } from './leaks';
import { Levels, declaredFor, Level } from './model';
import { CONTACT_TYPES, ContactType, StoredContact, Execution, Sandbox, SandboxOptions, VirtualClock } from '../../../sandbox';
import { generator } from '../../../sandbox/core/generator';

export const MANAGEMENT = '111111111111';
const DELEGATED = '222222222222';
const STANDALONE = ['888888888881', '888888888882', '888888888883'];
const DAY = 86_400;
const HOUR = 3600;
const HALF_HOUR = 1800;
export const VALUES = ['EmailAddress', 'Name', 'PhoneNumber', 'Title'] as const;
/** How long a new sweep may take to find and stop the older ones, in seconds. */
const TAKEOVER = 60;

/** What is declared, by the indexes of units and accounts: see `targetOf`. */
export interface Plan {
  readonly everyone: { readonly [type in ContactType]?: Person };
  readonly overrides: readonly { readonly target: number; readonly contacts: { readonly [type in ContactType]?: Person } | 'excluded' }[];
}

/** Something that happens between deployments and sweeps. Indexes of accounts and units wrap around. */
export type LifeEvent =
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'edit'; readonly account: number; readonly type: ContactType; readonly person: Person | null }
  | { readonly kind: 'edit a value'; readonly account: number; readonly type: ContactType; readonly value: (typeof VALUES)[number] }
  | { readonly kind: 'move'; readonly account: number; readonly unit: number }
  | { readonly kind: 'move unit'; readonly unit: number; readonly to: number }
  | { readonly kind: 'create' | 'join' }
  | { readonly kind: 'suspend'; readonly account: number }
  /** All calls for an account are refused, or those for one type. */
  | { readonly kind: 'refuse'; readonly account: number; readonly type?: ContactType; readonly seconds: number }
  | { readonly kind: 'fault'; readonly api: string; readonly fault: '429' | '500' | 'drop-before' | 'drop-after'; readonly times: number }
  /** A sweep begins, and some of its children die: not the first `spared` ones. Nothing else happens until it has ended if `awaitsEnd`. */
  | { readonly kind: 'kill children'; readonly spared: number; readonly afterSeconds: number; readonly times: number; readonly awaitsEnd: boolean }
  | { readonly kind: 'no trusted access'; readonly seconds: number }
  | { readonly kind: 'deploy'; readonly plan: Plan }
  | { readonly kind: 'failed deployment'; readonly plan: Plan }
  | { readonly kind: 'sweep'; readonly accounts: readonly number[] };

export interface Life {
  /** The parent of each unit: an earlier one, or the root. */
  readonly units: readonly number[];
  /** Where each member account is. */
  readonly members: readonly number[];
  readonly caller: 'management' | 'delegated administrator';
  readonly reportOnly: boolean;
  readonly region: string;
  readonly plan: Plan;
  readonly steps: readonly LifeEvent[];
  /** Without it, the judgement is made within the hour, before the schedule sweeps again. */
  readonly waitsForSchedule: boolean;
  readonly circumstances: Pick<SandboxOptions, 'organizations' | 'eventBridge'> & {
    readonly failedChildLeaves: 'nothing' | 'null' | 'error';
    readonly definitionDelaySeconds: number;
  };
}

/** Lives a life, and says what went wrong. */
export async function live(life: Life, transform: Transform = definition => definition): Promise<string[]> {
  const organization = await LiveOrganization.open(life, transform);
  try {
    return await organization.live();
  } finally {
    await organization.close();
  }
}

class LiveOrganization {
  public static async open(life: Life, transform: Transform): Promise<LiveOrganization> {
    const clock = new VirtualClock();
    const children = { spared: 0, toKill: 0, stoppersToKill: 0, afterSeconds: 0 };
    const sandbox = await Sandbox.start({
      clock,
      managementAccount: MANAGEMENT,
      memberAccounts: [DELEGATED, ...life.members.map((_, index) => String(300000000000 + index))],
      delegatedAdministrators: [DELEGATED],
      standaloneAccounts: STANDALONE,
      quotas: 'documented',
      organizations: { rates: 'plausible', ...life.circumstances.organizations },
      eventBridge: life.circumstances.eventBridge,
      stepFunctions: {
        failedChildLeaves: life.circumstances.failedChildLeaves,
        definitionDelaySeconds: life.circumstances.definitionDelaySeconds,
        random: generator(1),
        onChild: child => {
          if (children.toKill <= 0 || children.spared-- > 0) { return; }
          // The older sweeps must be stopped, so a sweep whose third try fails ends. Only these children are never killed so often.
          const stops = child.identity.machineArn.endsWith('/StopOlderSweeps');
          if (!stops || children.stoppersToKill-- > 0) {
            children.toKill--;
            clock.after(children.afterSeconds, () => child.finish('FAILED', { error: 'States.Runtime', cause: 'It died.' }));
          }
        },
      },
    });
    return new LiveOrganization(life, transform, clock, sandbox, children);
  }

  private readonly account: string;
  private readonly units: string[] = [];
  private readonly joining = [...STANDALONE];
  /** What accounts have that was set by hand, or by a sweep that meant it. */
  private readonly shadow = new Map<string, StoredContact | undefined>();
  /** Every contact that was declared at some time, for where the account then was. */
  private readonly everDeclared = new Map<string, Set<string>>();
  private declaration: Levels = {};
  /** Also those before: an execution keeps the definition that it began with. */
  private readonly declarations: Levels[] = [];
  private readonly problems: string[] = [];
  private callsSeen = 0;
  /** When something last happened that a sweep under way may have missed. */
  private disturbedAt = 0;
  private faultsEndAt = 0;

  private constructor(
    private readonly life: Life,
    private readonly transform: Transform,
    private readonly clock: VirtualClock,
    private readonly sandbox: Sandbox,
    private readonly children: { spared: number; toKill: number; stoppersToKill: number; afterSeconds: number },
  ) {
    this.account = life.caller === 'management' ? MANAGEMENT : DELEGATED;
    sandbox.stepFunctions.onStatusChange(execution => this.judgeEnd(execution));
  }

  public async live(): Promise<string[]> {
    const { tree } = this.sandbox;
    this.life.units.forEach((parent, index) => this.units.push(tree.createOrganizationalUnit(parent < index ? this.units[parent] : tree.root)));
    this.life.members.forEach((unit, index) => tree.moveAccount(this.accounts()[index + 2], this.unitAt(unit)));
    await this.deploy(this.life.plan);
    for (const step of this.life.steps) {
      await this.take(step);
    }
    // Whatever was wrong passes; the accounts that failed are tried again, and the next schedule sweeps them all.
    this.sandbox.faults.clear();
    this.children.toKill = 0;
    await this.clock.advance(Math.max(this.faultsEndAt - this.clock.now(), 0) / 1000);
    this.note();
    await this.clock.advance(this.life.waitsForSchedule ? DAY + HOUR : HOUR);
    await this.clock.until(this.sandbox.stepFunctions.idle());
    this.judge();
    await this.sweepAgain();
    return this.problems;
  }

  /** Where all is as declared, a sweep puts nothing. */
  private async sweepAgain(): Promise<void> {
    const before = this.sandbox.calls.length;
    await this.clock.until(this.sandbox.stepFunctions.start(this.machineArn(), {}).ended);
    const puts = this.sandbox.calls.slice(before).filter(({ api }) => api === 'PutAlternateContact').length;
    if (puts > 0) {
      this.problems.push(`All was as declared, and ${puts} contacts were put again`);
    }
  }

  public close(): Promise<void> {
    return this.sandbox.close();
  }

  private async take(step: LifeEvent): Promise<void> {
    const { sandbox, clock } = this;
    if (['edit', 'edit a value', 'move', 'move unit', 'create', 'join', 'suspend'].includes(step.kind)) {
      // Not before what a deployment has set: executions may still begin with the definition before it.
      this.disturbedAt = Math.max(this.disturbedAt, clock.now() + 1);
    }
    const until = (seconds: number) => {
      const end = clock.now() + seconds * 1000;
      this.faultsEndAt = Math.max(this.faultsEndAt, end);
      return end;
    };
    switch (step.kind) {
      case 'wait':
        await clock.advance(step.seconds);
        break;
      case 'edit': {
        const account = this.accountAt(step.account);
        this.collect(); // what came before was not by hand
        if (step.person === null) {
          sandbox.contacts.delete(account, step.type);
        } else {
          sandbox.contacts.put(account, storedContact(step.type, step.person));
        }
        this.shadow.set(`${account}/${step.type}`, sandbox.contacts.get(account, step.type));
        break;
      }
      case 'edit a value': {
        const account = this.accountAt(step.account);
        const stored = sandbox.contacts.get(account, step.type);
        this.collect();
        if (stored) {
          const edited = { ...stored, [step.value]: storedContact(step.type, 9)[step.value] };
          sandbox.contacts.put(account, edited);
          this.shadow.set(`${account}/${step.type}`, edited);
        }
        break;
      }
      case 'move':
        if (this.accountAt(step.account) !== MANAGEMENT) {
          sandbox.tree.moveAccount(this.accountAt(step.account), this.unitAt(step.unit));
        }
        break;
      case 'move unit': {
        const unit = this.unitAt(step.unit);
        const to = this.unitAt(step.to);
        if (unit !== sandbox.tree.root && this.units.indexOf(to) < this.units.indexOf(unit)) {
          sandbox.tree.moveOrganizationalUnit(unit, to);
        }
        break;
      }
      case 'create':
        sandbox.tree.createAccount();
        break;
      case 'join': {
        const account = this.joining.shift();
        if (account !== undefined) {
          sandbox.tree.join(account);
        }
        break;
      }
      case 'suspend':
        if (![MANAGEMENT, this.account].includes(this.accountAt(step.account))) {
          sandbox.tree.setState(this.accountAt(step.account), 'SUSPENDED');
        }
        break;
      case 'refuse': {
        const account = this.accountAt(step.account);
        const end = until(step.seconds);
        sandbox.faults.add({
          api: '*',
          kind: 'error',
          status: 403,
          name: 'AccessDeniedException',
          message: `No, ${storedContact('SECURITY', 0).EmailAddress}.`,
          times: Infinity,
          match: call => call.targetAccount === account && [undefined, call.contactType].includes(step.type) && clock.now() < end,
        });
        break;
      }
      case 'fault':
        sandbox.faults.add({ api: step.api, kind: step.fault, times: step.times });
        break;
      case 'kill children':
        await clock.advance(1);
        Object.assign(this.children, { spared: step.spared, toKill: step.times, stoppersToKill: 2, afterSeconds: step.afterSeconds });
        await this.startSweep(step.awaitsEnd);
        break;
      case 'no trusted access': {
        const end = until(step.seconds);
        sandbox.organization.trustedAccess = false;
        clock.after((end - clock.now()) / 1000, () => {
          sandbox.organization.trustedAccess = true;
        });
        break;
      }
      case 'deploy':
        await this.letRunsEnd();
        await this.deploy(step.plan);
        break;
      case 'failed deployment':
        await this.letRunsEnd();
        await this.deploy(step.plan, true);
        break;
      case 'sweep':
        sandbox.stepFunctions.start(this.machineArn(),
          step.accounts.length === 0 ? {} : { accountIds: step.accounts.map(index => this.accountAt(index)) });
        break;
    }
    this.note();
  }

  private async startSweep(awaitsEnd: boolean): Promise<void> {
    const { ended } = this.sandbox.stepFunctions.start(this.machineArn(), {});
    if (awaitsEnd) { await this.clock.until(ended); }
  }

  /**
   * A known limit that only the schedule corrects: a run for named accounts that began with the previous declaration, and still tries again after the
   * deployment, ends with it. Where the judgement does not wait for the schedule, deployments wait for what runs, also for runs whose events are under
   * way.
   */
  private async letRunsEnd(): Promise<void> {
    if (!this.life.waitsForSchedule) {
      await this.clock.advance(1);
      await this.clock.until(this.sandbox.stepFunctions.idle());
    }
  }

  private async deploy(plan: Plan, fails = false): Promise<void> {
    const declaration = this.declarationOf(plan);
    const { account, life: { region, reportOnly }, transform } = this;
    const template = synthesize({ account, region, reportOnly, declaration, transform, fails });
    const before = this.declaration;
    this.declaration = declaration;
    this.declarations.push(declaration);
    this.note(); // a sweep may begin before the deployment is over
    const { status, reason } = await this.clock.until(this.sandbox.deploy({
      stackName: 'Contacts', account: this.account, region: this.life.region, template, fail: fails ? { Unlucky: 'Create' } : undefined,
    }));
    if (fails) {
      this.declaration = before;
    }
    // Until then, executions may begin with the definition before.
    this.disturbedAt = this.clock.now() + this.life.circumstances.definitionDelaySeconds * 1000 + 1;
    if (!this.life.waitsForSchedule) { await this.clock.advance(this.life.circumstances.definitionDelaySeconds + 1); }
    if (!(fails ? ['UPDATE_ROLLBACK_COMPLETE'] : ['CREATE_COMPLETE', 'UPDATE_COMPLETE']).includes(status)) {
      this.problems.push(`The deployment ended in ${status}: ${reason}`);
    }
  }

  private declarationOf({ everyone, overrides }: Plan): Levels {
    const level = (people: { readonly [type in ContactType]?: Person }): Level =>
      Object.fromEntries(Object.entries(people).map(([type, person]) => [type, storedContact(type as ContactType, person)]));
    return {
      ...Object.fromEntries(overrides.map(({ target, contacts }) => [this.targetOf(target), contacts === 'excluded' ? contacts : level(contacts)])),
      default: level(everyone),
    };
  }

  /** Even indexes mean accounts, odd ones the root and units. */
  private targetOf(index: number): string {
    const half = Math.floor(index / 2);
    return index % 2 === 0 ? this.accountAt(half) : [this.sandbox.tree.root, ...this.units][half % (this.units.length + 1)];
  }

  private accounts(): string[] {
    return this.sandbox.tree.accounts();
  }

  private accountAt(index: number): string {
    const accounts = this.accounts();
    return accounts[index % accounts.length];
  }

  private unitAt(index: number): string {
    const all = [...this.units, this.sandbox.tree.root];
    return all[index % all.length];
  }

  private machineArn(): string {
    const stack = this.sandbox.stacks.find('Contacts', this.account, this.life.region);
    return [...stack?.resources.values() ?? []].find(({ type }) => type === 'AWS::StepFunctions::StateMachine')?.physicalId ?? '';
  }

  /** Remembers what is declared for each account where it is now. */
  private note(): void {
    for (const account of this.accounts()) {
      for (const declaration of this.declarations) {
        for (const [type, contact] of Object.entries(declaredFor(declaration, account, this.sandbox.tree.ancestors(account)))) {
          const key = `${account}/${type}`;
          this.everDeclared.set(key, (this.everDeclared.get(key) ?? new Set()).add(JSON.stringify(contact)));
        }
      }
    }
    this.collect();
  }

  /** Looks at the puts since the last time. */
  private collect(): void {
    const { calls, contacts } = this.sandbox;
    for (; this.callsSeen < calls.length; this.callsSeen++) {
      const { api, targetAccount = '', contactType = '', outcome } = calls[this.callsSeen];
      const key = `${targetAccount}/${contactType}`;
      if (!['GetAlternateContact', 'PutAlternateContact', 'ListAccounts', 'DescribeAccount'].includes(api)) {
        this.problems.push(`${api} was called`);
      }
      if (api === 'PutAlternateContact' && (outcome === 'ok' || outcome === 'drop-after')) {
        const stored = contacts.get(targetAccount, contactType as ContactType);
        if (!this.everDeclared.get(key)?.has(JSON.stringify(stored))) {
          this.problems.push(`${key} was put, and was never declared like that`);
        }
        this.shadow.set(key, stored);
      }
      if (targetAccount === MANAGEMENT && this.account !== MANAGEMENT) {
        this.problems.push(`${api} was called for the management account`);
      }
    }
  }

  private judge(): void {
    this.collect();
    const { sandbox, problems } = this;
    const finalOf = (account: string) => declaredFor(this.declaration, account, sandbox.tree.ancestors(account));
    const differing: string[] = [];
    for (const account of this.accounts()) {
      for (const type of CONTACT_TYPES) {
        const key = `${account}/${type}`;
        const declared = finalOf(account)[type];
        const stored = sandbox.contacts.get(account, type);
        if (declared && this.isReached(account) && !same(stored, declared)) {
          differing.push(key);
        }
        if (!same(stored, this.shadow.get(key))) {
          problems.push(`${key} changed and nobody put it`);
        }
      }
    }
    if (this.life.reportOnly) {
      this.judgeReport(differing);
    } else {
      problems.push(...differing.map(key => `${key} is not as declared after the last sweep`));
    }
    this.judgeEnds();
    problems.push(...leaks(sandbox));
  }

  /** The last sweep of all accounts. */
  private last(): Execution | undefined {
    return this.sandbox.stepFunctions.executions.filter(({ input }) => isFull(input)).at(-1);
  }

  private judgeReport(differing: string[]): void {
    const puts = this.sandbox.calls.filter(({ api }) => api === 'PutAlternateContact').length;
    const { accountsThatDiffer = [] } = (this.last()?.outcome.output ?? {}) as { accountsThatDiffer?: string[] };
    const told = accountsThatDiffer.flatMap(entry => entry.split(' ')[1].split(',').map(type => `${entry.split(' ')[0]}/${type}`));
    if (puts > 0) {
      this.problems.push(`Only to report, and ${puts} contacts were put`);
    }
    if (JSON.stringify([...told].sort()) !== JSON.stringify([...differing].sort())) {
      this.problems.push(`Reported are ${told.join(', ')}; what differs is ${differing.join(', ')}`);
    }
  }

  private judgeEnds(): void {
    const last = this.last();
    if (last?.status !== 'SUCCEEDED') {
      this.problems.push(`The last sweep ended in ${last?.status}: ${JSON.stringify(last?.outcome)}`);
    }
    const { executions } = this.sandbox.stepFunctions;
    for (const { input, status, outcome, startedAt, stoppedAt = Infinity } of executions) {
      const { error = '' } = outcome;
      const seconds = (stoppedAt - startedAt) / 1000;
      const fine = status === 'SUCCEEDED' || (status === 'ABORTED' && error === 'Superseded' && isFull(input))
        || (status === 'FAILED' && (['WrongSetUp', 'AccountsNotListed'].includes(error) || (error === (this.life.reportOnly ? 'AccountsNotCompared' : 'AccountsNotSet') && seconds >= HALF_HOUR)));
      if (!fine) {
        this.problems.push(`An execution with the input ${JSON.stringify(input)} ended in ${status} after ${seconds} s: ${JSON.stringify(outcome)}`);
      }
    }
    const sweeps = executions.filter(({ input }) => isFull(input));
    for (const older of sweeps) {
      // Of two that begin in the same millisecond neither may see that the other is older; they have the same definition.
      const newer = sweeps.find(({ startedAt }) => startedAt > older.startedAt);
      if (newer && newer.status !== 'ABORTED' && (older.stoppedAt ?? Infinity) > newer.startedAt + TAKEOVER * 1000) {
        this.problems.push(`A sweep of all accounts went on for ${((older.stoppedAt ?? Infinity) - newer.startedAt) / 1000} s beside a newer one`);
      }
    }
  }

  /** What a sweep of all accounts did not set, it says; unless something changed while it ran. */
  private judgeEnd(execution: Execution): void {
    const { input, status, outcome, startedAt } = execution;
    if (!isFull(input) || startedAt < this.disturbedAt || !(status === 'SUCCEEDED' || outcome.error === 'AccountsNotSet')) {
      return;
    }
    if (status === 'SUCCEEDED') { this.judgeCounters(execution); }
    // A run for named accounts that began with the declaration before may have set it meanwhile: see letRunsEnd().
    const isOvertaken = this.sandbox.stepFunctions.executions.some(run =>
      /\d{12}/.test(JSON.stringify(run.input)) && run.startedAt < this.disturbedAt && (run.stoppedAt ?? Infinity) > startedAt);
    if (this.life.reportOnly || isOvertaken) { return; }
    for (const account of this.accounts().filter(id => this.isReached(id) && !outcome.cause?.includes(id))) {
      for (const [type, contact] of Object.entries(declaredFor(this.declaration, account, this.sandbox.tree.ancestors(account)))) {
        if (!same(this.sandbox.contacts.get(account, type as ContactType), contact)) {
          this.problems.push(`A sweep ended in ${status} and does not say that ${account}/${type} is not as declared`);
        }
      }
    }
  }

  /** However often an account is tried, it is counted and named once. */
  private judgeCounters({ outcome }: Execution): void {
    const { accounts, contacts, contactsThatDiffer, accountsThatDiffer, accountsSet } = outcome.output as {
      accounts: number; contacts: number; contactsThatDiffer?: number; accountsThatDiffer?: string[]; accountsSet?: string[];
    };
    const declared = this.accounts().filter(id => this.isReached(id))
      .map(id => Object.keys(declaredFor(this.declaration, id, this.sandbox.tree.ancestors(id))).length).filter(count => count > 0);
    const expected = [declared.length, declared.reduce((sum, count) => sum + count, 0)];
    if (JSON.stringify([accounts, contacts]) !== JSON.stringify(expected)) {
      this.problems.push(`A sweep counted ${accounts} accounts with ${contacts} contacts, not ${expected.join(' with ')}`);
    }
    const named = accountsThatDiffer ?? accountsSet ?? [];
    if (new Set(named.map(entry => entry.split(' ')[0])).size !== named.length) {
      this.problems.push(`A sweep named an account twice: ${named.join(', ')}`);
    }
    const types = named.reduce((sum, entry) => sum + entry.split(',').length, 0);
    if (contactsThatDiffer !== undefined && contactsThatDiffer !== types) {
      this.problems.push(`A sweep counted ${contactsThatDiffer} contacts that differ, and named ${types}`);
    }
  }

  private isReached(account: string): boolean {
    return this.sandbox.tree.stateOf(account) === 'ACTIVE' && (account !== MANAGEMENT || this.account === MANAGEMENT);
  }
}

/** Whether an execution with that input sweeps all accounts. */
function isFull(input: unknown): boolean {
  return !/afterSeconds|\d{12}/.test(JSON.stringify(input));
}
