import { randomUUID } from 'node:crypto';
import { checkPattern, matches } from './pattern';
import { eventBusArn, type Target, type Targets } from './target';
import type { Clock } from '../core/clock';
import { partitionOf } from '../core/endpoints';

/** An event as its source sends it. EventBridge adds the rest. */
export interface Entry {
  readonly 'source': string;
  readonly 'detail-type': string;
  readonly 'detail': unknown;
  readonly 'resources'?: string[];
}

interface EventBridgeEvent extends Required<Entry> {
  readonly version: '0';
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly time: string;
}

export interface RuleTarget extends Target {
  readonly Id: string;
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: { readonly InputPathsMap?: Record<string, string>; readonly InputTemplate: string };
}

interface Rule {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly pattern: unknown;
  readonly enabled: boolean;
  readonly targets: RuleTarget[];
}

export interface EventBridgeOptions {
  /** How long a new or changed rule takes to have effect, in seconds. It may miss the events of its stack. @default 0 */
  readonly ruleDelaySeconds?: number;
  /** How long an event takes to be delivered, in seconds. @default 0.5 */
  readonly deliverySeconds?: number;
}

const PRINCIPAL = 'events.amazonaws.com';
const MAX_FORWARDS = 3;
const TARGET_FIELDS = ['Id', 'Arn', 'RoleArn', 'Input', 'InputPath', 'InputTransformer', 'RetryPolicy', 'DeadLetterConfig'];

/** The default event buses of all accounts and regions, and the rules on them. */
export class EventBridge {
  /** The events that the buses have received. */
  readonly events: EventBridgeEvent[] = [];
  private readonly rules = new Map<string, Rule & { readonly from: number }>();

  constructor(private readonly clock: Clock, private readonly targets: Targets, private readonly options: EventBridgeOptions = {}) {}

  arnOf({ account, region, name }: Pick<Rule, 'account' | 'region' | 'name'>): string {
    return `arn:${partitionOf(region)}:events:${region}:${account}:rule/${name}`;
  }

  putRule(rule: Rule): string {
    checkPattern(rule.pattern);
    for (const target of rule.targets) {
      const unknown = Object.keys(target).find(field => !TARGET_FIELDS.includes(field));
      if (unknown !== undefined) {
        throw new Error(`The sandbox does not model ${unknown} of a target`);
      }
      if (target.RoleArn !== undefined && !this.targets.trusts(PRINCIPAL, target)) {
        throw new Error(`Provided role '${target.RoleArn}' cannot be assumed by principal '${PRINCIPAL}'.`);
      }
    }
    const arn = this.arnOf(rule);
    this.rules.set(arn, { ...rule, from: this.clock.now() + (this.options.ruleDelaySeconds ?? 0) * 1000 });
    return arn;
  }

  removeRule(arn: string): void {
    this.rules.delete(arn);
  }

  /** Puts an event on the default bus of an account and region. */
  put(account: string, region: string, entry: Entry): void {
    this.receive(account, region, {
      ...entry, version: '0', id: randomUUID(), account, region, resources: entry.resources ?? [], time: new Date(this.clock.now()).toISOString().replace(/\.\d+/, ''),
    }, 0);
  }

  private receive(account: string, region: string, event: EventBridgeEvent, forwards: number): void {
    this.events.push(event);
    for (const [arn, rule] of this.rules) {
      if (rule.account === account && rule.region === region && rule.enabled && rule.from <= this.clock.now() && matches(rule.pattern, event)) {
        for (const target of rule.targets) {
          this.clock.after(this.options.deliverySeconds ?? 0.5, () => this.deliver(arn, target, event, forwards));
        }
      }
    }
  }

  private deliver(rule: string, target: RuleTarget, event: EventBridgeEvent, forwards: number): void {
    const bus = /^arn:[^:]+:events:([^:]+):(\d+):event-bus\/default$/.exec(target.Arn);
    if (!bus) {
      this.targets.deliver(PRINCIPAL, rule, target, inputOf(target, event));
      return;
    }
    const [, region, account] = bus;
    const refusal = this.targets.refusal(PRINCIPAL, { ...target, Arn: eventBusArn(account, region) }, 'events:PutEvents')
      ?? (forwards >= MAX_FORWARDS ? 'The event was forwarded too often.' : undefined);
    this.targets.record(rule, target, event, refusal ?? 'ok');
    if (refusal === undefined) {
      this.receive(account, region, event, forwards + 1); // an event keeps its account and region
    }
  }
}

function inputOf({ Input, InputPath, InputTransformer }: RuleTarget, event: EventBridgeEvent): unknown {
  if (Input !== undefined) {
    return JSON.parse(Input);
  }
  if (InputPath !== undefined) {
    return at(InputPath, event);
  }
  if (!InputTransformer) {
    return event;
  }
  const { InputPathsMap = {}, InputTemplate } = InputTransformer;
  const quoted = (offset: number) => InputTemplate.slice(0, offset).replace(/\\"/g, '').split('"').length % 2 === 0;
  return JSON.parse(InputTemplate.replace(/<([\w.-]+)>/g, (_, name: string, offset: number) => {
    if (!(name in InputPathsMap)) {
      throw new Error(`The sandbox does not model <${name}> in an input template`);
    }
    const value = at(InputPathsMap[name], event);
    const json = value === undefined ? '' : JSON.stringify(value); // a value that the event does not have is left out
    return quoted(offset) && typeof value === 'string' ? json.slice(1, -1) : json;
  }));
}

/** The value at a path like `$.detail.requestParameters.accountId`. */
function at(path: string, event: unknown): unknown {
  return path.split('.').slice(1).reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], event);
}
