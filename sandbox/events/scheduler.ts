import { randomBytes } from 'node:crypto';
import { InvalidSchedule, parseSchedule } from './schedule-expression';
import type { Target, Targets } from './target';
import type { Clock } from '../core/clock';
import { partitionOf } from '../core/endpoints';

export interface Schedule {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** @default 'default' */
  readonly group?: string;
  readonly expression: string;
  readonly enabled: boolean;
  readonly target: Target & { readonly Input?: string };
}

const PRINCIPAL = 'scheduler.amazonaws.com';

/** EventBridge Scheduler. Its times are UTC. */
export class Scheduler {
  private readonly schedules = new Map<string, { schedule: Schedule; cancel: () => void }>();

  constructor(private readonly clock: Clock, private readonly targets: Targets) {}

  arnOf({ account, region, name, group = 'default' }: Pick<Schedule, 'account' | 'region' | 'name' | 'group'>): string {
    return `arn:${partitionOf(region)}:scheduler:${region}:${account}:schedule/${group}/${name}`;
  }

  /** Creates or updates a schedule. A schedule whose expression has not changed keeps its times. */
  put(schedule: Schedule): string {
    const arn = this.arnOf(schedule);
    const expression = parseSchedule(schedule.expression);
    if (schedule.target.Input !== undefined) {
      JSON.parse(schedule.target.Input);
    }
    if (!schedule.target.RoleArn) {
      throw new InvalidSchedule('The target of a schedule needs a role.');
    }
    if (!this.targets.trusts(PRINCIPAL, schedule.target)) {
      throw new InvalidSchedule('The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');
    }
    const known = this.schedules.get(arn);
    if (known && known.schedule.expression === schedule.expression && known.schedule.enabled && schedule.enabled) {
      known.schedule = schedule;
      return arn;
    }
    known?.cancel();
    const entry = { schedule, cancel: () => {} };
    const arrange = (due: number) => {
      entry.cancel = due === Infinity ? () => {} : this.clock.after((due - this.clock.now()) / 1000, () => {
        arrange(expression.next(due));
        this.targets.deliver(PRINCIPAL, arn, entry.schedule.target, inputOf(entry.schedule, arn, due));
      });
    };
    if (schedule.enabled) {
      arrange(expression.first(this.clock.now()));
    }
    this.schedules.set(arn, entry);
    return arn;
  }

  remove(arn: string): void {
    this.schedules.get(arn)?.cancel();
    this.schedules.delete(arn);
  }
}

/** The input of a target, with the context attributes that it contains. */
function inputOf({ target: { Input = '{}' } }: Schedule, arn: string, due: number): unknown {
  const attributes: Record<string, string> = {
    'schedule-arn': arn,
    'scheduled-time': new Date(due).toISOString().replace(/\.\d+/, ''),
    'execution-id': randomBytes(8).toString('hex'),
    'attempt-number': '1',
  };
  return JSON.parse(Input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (text, name: string) => attributes[name] ?? text));
}
