/** How far a check goes, and so what it needs. */
export type Level = 'asked' | 'role' | 'own-account';

/** What each level does, for the plan. It takes at most `minutes`, for which the credentials must last. */
export const LEVELS: { readonly [level in Level]: { readonly does: string; readonly creates: string; readonly minutes: number } } = {
  'asked': { does: 'asks whether AWS accepts the definitions and the policies', creates: 'nothing', minutes: 2 },
  'role': {
    does: "asks Step Functions for an account's members, with the permissions to read that a sweep has",
    creates: 'a role for a few minutes, unless --role names one',
    minutes: 10,
  },
  'own-account': {
    does: 'deploys, changes and destroys a stack of contacts',
    creates: 'a stack with a function, a role and a log group, and the three contacts of the account',
    minutes: 45,
  },
};

/** Every check: its level, and what it finds out. */
export const CHECKS = {
  'validate-definition': { level: 'asked', decides: 'Step Functions accepts the definitions of the sweep, to enforce and to report' },
  'test-states': { level: 'asked', decides: 'each state that a sweep visits in the sandbox ends at AWS as it does there' },
  'validate-policies': { level: 'asked', decides: 'Access Analyzer finds no error in the policies of the function and the sweep' },
  'read-members': { level: 'role', decides: 'the members that Step Functions returns for an account of the organization' },
  'create': { level: 'own-account', decides: 'a first deployment sets two contacts' },
  'edit': { level: 'own-account', decides: 'an edited contact is set again, and the other is not' },
  'rename': { level: 'own-account', decides: 'constructs with other ids change nothing' },
  'swap': { level: 'own-account', decides: 'two constructs that swap their types delete nothing' },
  'refuse': { level: 'own-account', decides: 'with overwriteExisting: false, a contact that was set by hand stays, and the deployment rolls back' },
  'take-over': { level: 'own-account', decides: 'a contact that was set by hand is taken over' },
  'roll-back': { level: 'own-account', decides: 'a deployment that fails gives the contacts their former values' },
  'replace': { level: 'own-account', decides: 'a resource that is replaced does not delete its contact' },
  'remove': { level: 'own-account', decides: 'a contact that leaves the app is deleted' },
  'destroy': { level: 'own-account', decides: 'the contacts are deleted with the stack' },
} as const satisfies { readonly [check: string]: { readonly level: Level; readonly decides: string } };

export type CheckId = keyof typeof CHECKS;

/** What AWS answered to a check. */
export interface CheckResult {
  readonly check: CheckId;
  /** In one line, without ids of accounts. */
  readonly answer: string;
  /** Where AWS differs from what is assumed: nothing, if all is as expected. */
  readonly differences: readonly string[];
  /** The account does not allow to decide it. The answer says why. @default false */
  readonly isUndecided?: boolean;
}
