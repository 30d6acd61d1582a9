import { AccountApi } from '../../../sandbox/account/api';
import { ContactStore, StoredContact } from '../../../sandbox/account/contacts';
import { accountManagement } from '../../../sandbox/account/integration';
import { Call, Faults } from '../../../sandbox/core/faults';
import { Integration } from '../../../sandbox/core/integration';
import { Quotas } from '../../../sandbox/core/quotas';
import { Traffic } from '../../../sandbox/core/traffic';
import { VirtualClock } from '../../../sandbox/core/virtual-clock';
import { Statement } from '../../../sandbox/iam/policy';
import { Iam, RoleDefinition } from '../../../sandbox/iam/service';
import { Organization } from '../../../sandbox/organizations/organization';
import { Execution } from '../../../sandbox/step-functions/execution';
import { StepFunctions, StepFunctionsOptions } from '../../../sandbox/step-functions/service';
import { StateMachineOptions } from '../../../sandbox/step-functions/state-machine';

export const ACCOUNT = '111111111111';
export const MEMBER = '222222222222';
export const CONTACT: StoredContact = {
  AlternateContactType: 'SECURITY', Name: 'SOC', Title: 'On call', EmailAddress: 'soc@example.com', PhoneNumber: '1',
};
export const END = { End: true };
const ROLE = 'Role';

type State = Record<string, unknown>;
export type Definition = Record<string, unknown>;

export interface BenchOptions extends StepFunctionsOptions {
  readonly members?: string[];
  readonly quotas?: Quotas;
  /** The actions that the state machine's role allows. @default '*' */
  readonly actions?: string | string[];
  /** Replaces `actions`. @default - all resources, without a condition */
  readonly statements?: Statement[];
}

/** A role that Step Functions may assume, and that allows these actions. */
export function roleOf(actions: string | string[], statements: Statement[] = [{ Effect: 'Allow', Action: actions, Resource: '*' }]): RoleDefinition {
  return {
    trust: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'states.amazonaws.com' } }] },
    inline: new Map([['Inline', { Statement: statements }]]),
    managedPolicyArns: [],
  };
}

/** A state machine of JSONata states. It starts at the first one. */
export function machine(states: Record<string, State>, more: State = {}): Definition {
  return { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...more };
}

/** The processor of a Map state. */
export function processor(states: Record<string, State>, mode: 'INLINE' | 'EXPRESS' | 'STANDARD' = 'EXPRESS'): State {
  return {
    ProcessorConfig: mode === 'INLINE' ? { Mode: 'INLINE' } : { Mode: 'DISTRIBUTED', ExecutionType: mode },
    StartAt: Object.keys(states)[0],
    States: states,
  };
}

/** A state that reads an alternate contact. */
export function get(accountId: string, more: State = {}): State {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:account:getAlternateContact',
    Arguments: { AccountId: accountId, AlternateContactType: 'SECURITY' },
    ...more,
  };
}

/** Step Functions with a role, an organization, and a clock that jumps. */
export class Bench {
  public readonly clock = new VirtualClock();
  public readonly faults: Faults;
  public readonly calls: Call[];
  public readonly contacts: ContactStore;
  public readonly stepFunctions: StepFunctions;

  constructor({ members = ['222222222222'], quotas = 'none', actions = '*', statements, ...options }: BenchOptions = {}) {
    const traffic = new Traffic(this.clock);
    ({ faults: this.faults, calls: this.calls } = traffic);
    const iam = new Iam(this.clock, 0);
    iam.putRole(ACCOUNT, ROLE, roleOf(actions, statements));
    this.contacts = new ContactStore(this.clock, 0);
    const organization = new Organization({ managementAccount: ACCOUNT, memberAccounts: members });
    const api = new AccountApi(traffic, organization, this.contacts, iam, () => undefined, { quotas });
    this.stepFunctions = new StepFunctions(this.clock, iam, [accountManagement(api), ECHO], { definitionDelaySeconds: 0, ...options });
  }

  public put(definition: Definition, more: Partial<StateMachineOptions> = {}): string {
    return this.stepFunctions.put({
      account: ACCOUNT, region: 'us-east-1', name: 'Machine', roleArn: `arn:aws:iam::${ACCOUNT}:role/${ROLE}`, definition: JSON.stringify(definition), ...more,
    });
  }

  public async run(definition: Definition, input: unknown = {}): Promise<Execution> {
    const execution = this.stepFunctions.start(this.put(definition), input);
    await this.clock.until(execution.ended);
    return execution;
  }
}

/** A service that returns its input. */
const ECHO: Integration = { service: 'echo', actions: { say: ['Value'] }, call: async (_, input) => input };

export function say(value: unknown, more: State = {}): State {
  return { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:echo:say', Arguments: { Value: value }, ...more };
}

export function run(definition: Definition, input?: unknown, options?: BenchOptions): Promise<Execution> {
  return new Bench(options).run(definition, input);
}

export function pass(more: State): State {
  return { Type: 'Pass', ...more };
}

export function output({ outcome }: Execution): unknown {
  return outcome.output;
}

/** How long an execution took. */
export function seconds({ startedAt, stoppedAt = NaN }: Execution): number {
  return (stoppedAt - startedAt) / 1000;
}

/** The types of the events of a history. */
export function types({ history }: Execution): string[] {
  return history.map(({ type }) => type);
}
