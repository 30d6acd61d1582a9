import { partitionOf } from '../core/endpoints';
import type { Iam } from '../iam/service';
import type { StepFunctions } from '../step-functions/service';

/** What a rule or a schedule starts, and as whom. */
export interface Target {
  readonly Arn: string;
  readonly RoleArn?: string;
}

/** What became of it. */
export interface Delivery {
  /** Sandbox time in milliseconds. */
  readonly at: number;
  /** The ARN of the rule or schedule. */
  readonly source: string;
  readonly target: string;
  readonly input: unknown;
  /** `ok`, `not modelled` for targets that only record what they get, or why the target was not reached. */
  readonly outcome: string;
}

/** Starts executions on behalf of rules and schedules, as far as their role may. */
export class Targets {
  readonly deliveries: Delivery[] = [];

  constructor(private readonly now: () => number, private readonly iam: Iam, private readonly stepFunctions: StepFunctions) {}

  deliver(source: string, target: Target, input: unknown): void {
    this.record(source, target, input, /^arn:[^:]+:states:[^:]+:\d+:stateMachine:/.test(target.Arn)
      ? this.start(target, input) : 'not modelled');
  }

  record(source: string, target: Target, input: unknown, outcome: string): void {
    this.deliveries.push({ at: this.now(), source, target: target.Arn, input, outcome });
  }

  /** Why the target's role must not do something. */
  refusal({ Arn, RoleArn = '' }: Target, action: string): string | undefined {
    const [, , , , account, resource = ''] = RoleArn.split(':');
    return this.iam.refusal(account ?? '', resource.split('/').at(-1) ?? '', action, Arn, {});
  }

  private start(target: Target, input: unknown): string {
    const refusal = this.refusal(target, 'states:StartExecution');
    if (refusal !== undefined) {
      return refusal;
    }
    try {
      this.stepFunctions.start(target.Arn, input);
      return 'ok';
    } catch (reason) {
      return (reason as Error).name;
    }
  }
}

export function eventBusArn(account: string, region: string, name = 'default'): string {
  return `arn:${partitionOf(region)}:events:${region}:${account}:event-bus/${name}`;
}
