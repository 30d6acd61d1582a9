import { Person, storedContact, synthesize, Transform } from './deployment';
import { Judge, MANAGEMENT } from './judge';
import { Levels, Level } from './model';
import { ContactType, Sandbox, SandboxOptions, VirtualClock } from '../../../sandbox';
import { VALUES } from '../../../sandbox/account/contacts';
import { generator } from '../../../sandbox/core/generator';

const DELEGATED = '222222222222';
const STANDALONE = ['888888888881', '888888888882', '888888888883'];
const DAY = 86_400;
const HOUR = 3600;

/** A declaration by the indexes of units and accounts: see `targetOf`. */
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
  /** A sweep begins, and some of its children die: not the first `spared` ones. With `awaitsEnd`, nothing else happens until it has ended. */
  | { readonly kind: 'kill children'; readonly spared: number; readonly afterSeconds: number; readonly times: number; readonly awaitsEnd: boolean }
  | { readonly kind: 'no trusted access'; readonly seconds: number }
  | { readonly kind: 'deploy' | 'failed deployment'; readonly plan: Plan }
  | { readonly kind: 'sweep'; readonly accounts: readonly number[] };

export interface Life {
  /** The parent of each unit: an earlier one, or the root. */
  readonly units: readonly number[];
  /** The unit of each member account. */
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

/** Takes an organization through a life, and returns what went wrong. */
export async function live(life: Life, transform: Transform = definition => definition): Promise<string[]> {
  const organization = await LiveOrganization.open(life, transform);
  try {
    return await organization.live();
  } finally {
    await organization.close();
  }
}

/** Which children of sweeps die. */
interface Deaths {
  spared: number;
  toKill: number;
  /** If the child that stops older sweeps dies three times, the sweep fails. So it may die less often than the others. */
  stoppersToKill: number;
  afterSeconds: number;
}

class LiveOrganization {
  public static async open(life: Life, transform: Transform): Promise<LiveOrganization> {
    const clock = new VirtualClock();
    const deaths: Deaths = { spared: 0, toKill: 0, stoppersToKill: 0, afterSeconds: 0 };
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
          if (deaths.toKill <= 0 || deaths.spared-- > 0) { return; }
          const isStopper = child.identity.machineArn.endsWith('/StopOlderSweeps');
          if (!isStopper || deaths.stoppersToKill-- > 0) {
            deaths.toKill--;
            clock.after(deaths.afterSeconds, () => child.finish('FAILED', { error: 'States.Runtime', cause: 'It died.' }));
          }
        },
      },
    });
    return new LiveOrganization(life, transform, clock, sandbox, deaths);
  }

  private readonly account: string;
  private readonly judge: Judge;
  private readonly units: string[] = [];
  private readonly joining = [...STANDALONE];
  private faultsEndAt = 0;

  private constructor(
    private readonly life: Life,
    private readonly transform: Transform,
    private readonly clock: VirtualClock,
    private readonly sandbox: Sandbox,
    private readonly deaths: Deaths,
  ) {
    this.account = life.caller === 'management' ? MANAGEMENT : DELEGATED;
    this.judge = new Judge(sandbox, this.account, life.reportOnly);
  }

  public async live(): Promise<string[]> {
    const { tree } = this.sandbox;
    this.life.units.forEach((parent, index) => this.units.push(tree.createOrganizationalUnit(parent < index ? this.units[parent] : tree.root)));
    this.life.members.forEach((unit, index) => tree.moveAccount(tree.accounts()[index + 2], this.unitAt(unit)));
    await this.deploy(this.life.plan);
    for (const step of this.life.steps) {
      await this.take(step);
    }
    // All faults end. Then the accounts that failed are tried again, and the next schedule sweeps all accounts.
    this.sandbox.faults.clear();
    this.deaths.toKill = 0;
    await this.clock.advance(Math.max(this.faultsEndAt - this.clock.now(), 0) / 1000);
    this.judge.observe();
    await this.clock.advance(this.life.waitsForSchedule ? DAY + HOUR : HOUR);
    await this.clock.until(this.sandbox.stepFunctions.idle());
    this.judge.judgeAll();
    await this.sweepAgain();
    return this.judge.problems;
  }

  /** If everything is as declared, a sweep puts nothing. */
  private async sweepAgain(): Promise<void> {
    const before = this.sandbox.calls.length;
    await this.clock.until(this.sandbox.stepFunctions.start(this.machineArn(), {}).ended);
    const puts = this.sandbox.calls.slice(before).filter(({ api }) => api === 'PutAlternateContact').length;
    if (puts > 0) {
      this.judge.problems.push(`All was as declared, and ${puts} contacts were put again`);
    }
  }

  public close(): Promise<void> {
    return this.sandbox.close();
  }

  private async take(step: LifeEvent): Promise<void> {
    const { sandbox, clock, judge } = this;
    if (['edit', 'edit a value', 'move', 'move unit', 'create', 'join', 'suspend'].includes(step.kind)) {
      // A deployment may have set a later time: executions may still begin with the previous definition.
      judge.disturbedAt = Math.max(judge.disturbedAt, clock.now() + 1);
    }
    switch (step.kind) {
      case 'wait':
        await clock.advance(step.seconds);
        break;
      case 'edit': {
        const account = this.accountAt(step.account);
        judge.byHand(account, step.type, () => step.person === null
          ? sandbox.contacts.delete(account, step.type) : sandbox.contacts.put(account, storedContact(step.type, step.person)));
        break;
      }
      case 'edit a value': {
        const account = this.accountAt(step.account);
        const stored = sandbox.contacts.get(account, step.type);
        if (stored) {
          judge.byHand(account, step.type, () => sandbox.contacts.put(account, { ...stored, [step.value]: storedContact(step.type, 9)[step.value] }));
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
        const end = this.endOfFault(step.seconds);
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
      case 'kill children': {
        await clock.advance(1);
        Object.assign(this.deaths, { spared: step.spared, toKill: step.times, stoppersToKill: 2, afterSeconds: step.afterSeconds });
        const { ended } = sandbox.stepFunctions.start(this.machineArn(), {});
        if (step.awaitsEnd) { await clock.until(ended); }
        break;
      }
      case 'no trusted access':
        this.endOfFault(step.seconds);
        sandbox.organization.trustedAccess = false;
        clock.after(step.seconds, () => {
          sandbox.organization.trustedAccess = true;
        });
        break;
      case 'deploy':
      case 'failed deployment':
        await this.letRunsEnd();
        await this.deploy(step.plan, step.kind === 'failed deployment');
        break;
      case 'sweep':
        sandbox.stepFunctions.start(this.machineArn(),
          step.accounts.length === 0 ? {} : { accountIds: step.accounts.map(index => this.accountAt(index)) });
        break;
    }
    judge.observe();
  }

  private endOfFault(seconds: number): number {
    const end = this.clock.now() + seconds * 1000;
    this.faultsEndAt = Math.max(this.faultsEndAt, end);
    return end;
  }

  /**
   * A known limit that only the schedule corrects: a run for named accounts keeps the declaration that it began with, even if it still tries again
   * after the next deployment. If the judgement does not wait for the schedule, deployments wait until all runs have ended, also those that an event
   * is about to start.
   */
  private async letRunsEnd(): Promise<void> {
    if (!this.life.waitsForSchedule) {
      await this.clock.advance(1);
      await this.clock.until(this.sandbox.stepFunctions.idle());
    }
  }

  private async deploy(plan: Plan, fails = false): Promise<void> {
    const declaration = this.declarationOf(plan);
    const { account, clock, judge, life: { region, reportOnly, waitsForSchedule, circumstances: { definitionDelaySeconds } }, transform } = this;
    const template = synthesize({ account, region, reportOnly, declaration, transform, fails });
    const before = judge.declaration;
    judge.declare(declaration); // a sweep may begin before the deployment has ended
    const { status, reason } = await clock.until(this.sandbox.deploy({
      stackName: 'Contacts', account, region, template, fail: fails ? { Unlucky: 'Create' } : undefined,
    }));
    if (fails) {
      judge.declaration = before;
    }
    // Until then, executions may begin with the previous definition.
    judge.disturbedAt = clock.now() + definitionDelaySeconds * 1000 + 1;
    if (!waitsForSchedule) { await clock.advance(definitionDelaySeconds + 1); }
    if (!(fails ? ['UPDATE_ROLLBACK_COMPLETE'] : ['CREATE_COMPLETE', 'UPDATE_COMPLETE']).includes(status)) {
      judge.problems.push(`The deployment ended in ${status}: ${reason}`);
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

  private accountAt(index: number): string {
    const accounts = this.sandbox.tree.accounts();
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
}
