import { same } from './deployment';
import { leaks } from './leaks';
import { declaredFor, Levels } from './model';
import { CONTACT_TYPES, ContactType, Execution, Sandbox, StoredContact } from '../../../sandbox';

export const MANAGEMENT = '111111111111';
const HALF_HOUR = 1800;
/** How many seconds a new sweep may take to find and stop the older ones. */
const TAKEOVER = 60;

/** Watches an organization through its life, and records what goes wrong. */
export class Judge {
  public readonly problems: string[] = [];
  /** The current declaration. */
  public declaration: Levels = {};
  /** The last time at which something happened that a sweep under way may have missed. */
  public disturbedAt = 0;
  /** The contacts as somebody set them by hand, or a sweep on purpose. */
  private readonly shadow = new Map<string, StoredContact | undefined>();
  /** The contacts that were ever declared for an account, wherever it was at that time. */
  private readonly everDeclared = new Map<string, Set<string>>();
  /** Earlier ones too: an execution keeps the definition that it began with. */
  private readonly declarations: Levels[] = [];
  private callsSeen = 0;

  /** @param account the one that sweeps */
  constructor(private readonly sandbox: Sandbox, private readonly account: string, private readonly reportOnly: boolean) {
    sandbox.stepFunctions.onStatusChange(execution => this.judgeSweep(execution));
  }

  public declare(declaration: Levels): void {
    this.declaration = declaration;
    this.declarations.push(declaration);
    this.observe();
  }

  /** Has somebody change a contact. */
  public byHand(account: string, type: ContactType, change: () => void): void {
    this.judgeCalls(); // earlier changes were not by hand
    change();
    this.shadow.set(`${account}/${type}`, this.sandbox.contacts.get(account, type));
  }

  /** Remembers what is declared for each account where it is now. */
  public observe(): void {
    for (const account of this.sandbox.tree.accounts()) {
      for (const declaration of this.declarations) {
        for (const [type, contact] of Object.entries(declaredFor(declaration, account, this.sandbox.tree.ancestors(account)))) {
          const key = `${account}/${type}`;
          this.everDeclared.set(key, (this.everDeclared.get(key) ?? new Set()).add(JSON.stringify(contact)));
        }
      }
    }
    this.judgeCalls();
  }

  /** Judges the organization at the end of its life. */
  public judgeAll(): void {
    this.judgeCalls();
    const differing: string[] = [];
    for (const account of this.sandbox.tree.accounts()) {
      for (const type of CONTACT_TYPES) {
        const key = `${account}/${type}`;
        const declared = this.declaredFor(account)[type];
        const stored = this.sandbox.contacts.get(account, type);
        if (declared && this.isReached(account) && !same(stored, declared)) {
          differing.push(key);
        }
        if (!same(stored, this.shadow.get(key))) {
          this.problems.push(`${key} changed and nobody put it`);
        }
      }
    }
    if (this.reportOnly) {
      this.judgeReport(differing);
    } else {
      this.problems.push(...differing.map(key => `${key} is not as declared after the last sweep`));
    }
    this.judgeExecutions();
    this.problems.push(...leaks(this.sandbox));
  }

  private declaredFor(account: string): { readonly [type in ContactType]?: StoredContact } {
    return declaredFor(this.declaration, account, this.sandbox.tree.ancestors(account));
  }

  private isReached(account: string): boolean {
    return this.sandbox.tree.stateOf(account) === 'ACTIVE' && (account !== MANAGEMENT || this.account === MANAGEMENT);
  }

  /** Judges the calls since the last time. */
  private judgeCalls(): void {
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

  /** The last sweep of all accounts. */
  private last(): Execution | undefined {
    return this.sandbox.stepFunctions.executions.filter(isFull).at(-1);
  }

  private judgeReport(differing: string[]): void {
    const puts = this.sandbox.calls.filter(({ api }) => api === 'PutAlternateContact').length;
    const { accountsThatDiffer = [] } = (this.last()?.outcome.output ?? {}) as { accountsThatDiffer?: string[] };
    const reported = accountsThatDiffer.flatMap(entry => entry.split(' ')[1].split(',').map(type => `${entry.split(' ')[0]}/${type}`));
    if (puts > 0) {
      this.problems.push(`Only to report, and ${puts} contacts were put`);
    }
    if (JSON.stringify([...reported].sort()) !== JSON.stringify([...differing].sort())) {
      this.problems.push(`Reported are ${reported.join(', ')}; what differs is ${differing.join(', ')}`);
    }
  }

  /** Judges how all executions ended. */
  private judgeExecutions(): void {
    const last = this.last();
    if (last?.status !== 'SUCCEEDED') {
      this.problems.push(`The last sweep ended in ${last?.status}: ${JSON.stringify(last?.outcome)}`);
    }
    const { executions } = this.sandbox.stepFunctions;
    const retried = this.reportOnly ? 'AccountsNotCompared' : 'AccountsNotSet';
    for (const execution of executions) {
      const { input, status, outcome, startedAt, stoppedAt = Infinity } = execution;
      const { error = '' } = outcome;
      const seconds = (stoppedAt - startedAt) / 1000;
      const isFine = status === 'SUCCEEDED' || (status === 'ABORTED' && error === 'Superseded' && isFull(execution))
        || (status === 'FAILED' && (['WrongSetUp', 'AccountsNotListed'].includes(error) || (error === retried && seconds >= HALF_HOUR)));
      if (!isFine) {
        this.problems.push(`An execution with the input ${JSON.stringify(input)} ended in ${status} after ${seconds} s: ${JSON.stringify(outcome)}`);
      }
    }
    const sweeps = executions.filter(isFull);
    for (const older of sweeps) {
      // If two begin in the same millisecond, neither may see that the other is older. They have the same definition.
      const newer = sweeps.find(({ startedAt }) => startedAt > older.startedAt);
      if (newer && newer.status !== 'ABORTED' && (older.stoppedAt ?? Infinity) > newer.startedAt + TAKEOVER * 1000) {
        this.problems.push(`A sweep of all accounts went on for ${((older.stoppedAt ?? Infinity) - newer.startedAt) / 1000} s beside a newer one`);
      }
    }
  }

  /** A sweep of all accounts must name each account that it did not set, unless something changed while it ran. */
  private judgeSweep(execution: Execution): void {
    const { status, outcome, startedAt } = execution;
    if (!isFull(execution) || startedAt < this.disturbedAt || !(status === 'SUCCEEDED' || outcome.error === 'AccountsNotSet')) {
      return;
    }
    if (status === 'SUCCEEDED') { this.judgeCounters(execution); }
    // A run for named accounts that began with the previous declaration may have set one meanwhile: see letRunsEnd().
    const isOvertaken = this.sandbox.stepFunctions.executions.some(run =>
      /\d{12}/.test(JSON.stringify(run.input)) && run.startedAt < this.disturbedAt && (run.stoppedAt ?? Infinity) > startedAt);
    if (this.reportOnly || isOvertaken) { return; }
    for (const account of this.sandbox.tree.accounts().filter(id => this.isReached(id) && !outcome.cause?.includes(id))) {
      for (const [type, contact] of Object.entries(this.declaredFor(account))) {
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
    const declared = this.sandbox.tree.accounts().filter(id => this.isReached(id))
      .map(id => Object.keys(this.declaredFor(id)).length).filter(count => count > 0);
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
}

/** Whether an execution sweeps all accounts. */
function isFull({ input }: Execution): boolean {
  return !/afterSeconds|\d{12}/.test(JSON.stringify(input));
}
