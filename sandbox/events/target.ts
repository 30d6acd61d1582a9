import { partitionOf } from '../core/endpoints';
import type { Iam } from '../iam/service';
import type { StepFunctions } from '../step-functions/service';

/** The target of a rule or a schedule, and the role in which it is reached. */
export interface Target {
  readonly Arn: string;
  readonly RoleArn?: string;
}

/** A delivery of a rule or a schedule to a target. */
export interface Delivery {
  /** Sandbox time in milliseconds. */
  readonly at: number;
  /** The ARN of the rule or schedule. */
  readonly source: string;
  readonly target: string;
  readonly input: unknown;
  /** `ok`, `not modelled` for a target whose deliveries are only recorded, or why the target was not reached. */
  readonly outcome: string;
}

/** The service that assumes the role of a target. */
type Principal = 'events.amazonaws.com' | 'scheduler.amazonaws.com';

const MACHINE = /^arn:[^:]+:states:[^:]+:\d+:stateMachine:/;
const UNIVERSAL = /^arn:[^:]+:scheduler:::aws-sdk:sfn:startExecution$/;

/** Starts executions for rules and schedules, if the role of the target allows it. */
export class Targets {
  readonly deliveries: Delivery[] = [];

  constructor(private readonly now: () => number, private readonly iam: Iam, private readonly stepFunctions: StepFunctions) {}

  deliver(principal: Principal, source: string, target: Target, input: unknown): void {
    const universal = principal === 'scheduler.amazonaws.com' && UNIVERSAL.test(target.Arn);
    this.record(source, target, input, universal ? this.call(principal, target, input)
      : MACHINE.test(target.Arn) ? this.start(principal, target, input) : 'not modelled');
  }

  record(source: string, target: Target, input: unknown, outcome: string): void {
    this.deliveries.push({ at: this.now(), source, target: target.Arn, input, outcome });
  }

  /** Whether the service may assume the role of the target. */
  trusts(principal: Principal, { RoleArn }: Target): boolean {
    return this.iam.trusts(...roleOf(RoleArn), principal);
  }

  /** Returns why the service, in the role of the target, may not do this, or undefined if it may. */
  refusal(principal: Principal, target: Target, action: string): string | undefined {
    return this.trusts(principal, target)
      ? this.iam.refusal(...roleOf(target.RoleArn), action, target.Arn, {})
      : `The role does not trust ${principal}.`;
  }

  /** A universal target: the input is that of the API, which may name the execution. */
  private call(principal: Principal, target: Target, input: unknown): string {
    const { StateMachineArn = '', Input = '{}', Name } = input as { StateMachineArn?: string; Input?: string; Name?: string };
    return this.start(principal, { ...target, Arn: StateMachineArn }, JSON.parse(Input), Name);
  }

  private start(principal: Principal, target: Target, input: unknown, name?: string): string {
    const refusal = this.refusal(principal, target, 'states:StartExecution');
    if (refusal !== undefined) {
      return refusal;
    }
    try {
      this.stepFunctions.start(target.Arn, input, name);
      return 'ok';
    } catch (reason) {
      return (reason as Error).name;
    }
  }
}

/** Returns the account and the name of a role. */
function roleOf(arn = ''): [account: string, name: string] {
  const [, , , , account = '', resource = ''] = arn.split(':');
  return [account, resource.split('/').at(-1) ?? ''];
}

export function eventBusArn(account: string, region: string, name = 'default'): string {
  return `arn:${partitionOf(region)}:events:${region}:${account}:event-bus/${name}`;
}
