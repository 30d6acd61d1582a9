import { Stack, Token } from 'aws-cdk-lib';
import { EventBus as EventBusResource, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus } from 'aws-cdk-lib/aws-events-targets';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { FORWARDED_EVENTS } from './private/sweep/account-events';

/** The regions to which Organizations sends its events, one per partition. */
const HOME_REGIONS = ['us-east-1', 'cn-northwest-1', 'us-gov-west-1'];

/**
 * Properties of an `OrganizationEventForwarder`.
 */
export interface OrganizationEventForwarderProps {
  /** The region of the `OrganizationAlternateContacts`, such as `eu-west-1`. */
  readonly targetRegion: string;

  /**
   * The account of the `OrganizationAlternateContacts`: 12 digits, as a string. The default event bus of another account must allow the
   * management account to put events.
   *
   * @default - the account that the stack is deployed to
   */
  readonly targetAccountId?: string;
}

/**
 * Forwards the events of Organizations about new and moved accounts to the default event bus of another region or account.
 *
 * Organizations sends its events to us-east-1 of the management account only. Deploy this construct there if your
 * `OrganizationAlternateContacts` is in another region, or in the account of a delegated administrator. Without it, new accounts get their
 * contacts at the next scheduled sweep.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
 * @example
 * new OrganizationEventForwarder(this, 'Forwarder', { targetRegion: 'eu-west-1' });
 */
export class OrganizationEventForwarder extends Construct {
  /** The rule that forwards the events. */
  public readonly rule: Rule;

  /**
   * @throws Error if the stack is not in the home region of Organizations, or if the events would be forwarded to where they come from.
   */
  constructor(scope: Construct, id: string, props: OrganizationEventForwarderProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const { targetRegion, targetAccountId = stack.account } = props;
    validateForwarder(this, props);
    const busArn = stack.formatArn({ service: 'events', region: targetRegion, account: targetAccountId, resource: 'event-bus', resourceName: 'default' });
    this.rule = new Rule(this, 'Rule', {
      description: `Forwards the events of Organizations about accounts to ${targetRegion}`,
      eventPattern: FORWARDED_EVENTS,
      targets: [new EventBus(EventBusResource.fromEventBusArn(this, 'Target', busArn))],
    });
  }
}

function validateForwarder(forwarder: Construct, { targetRegion, targetAccountId }: OrganizationEventForwarderProps): void {
  const { path } = forwarder.node;
  const { region, account } = Stack.of(forwarder);
  if (!Token.isUnresolved(region) && !HOME_REGIONS.includes(region)) {
    throw new Error(`${path}: the stack must be in us-east-1 (cn-northwest-1 in China, us-gov-west-1 in GovCloud), because Organizations sends its `
      + `events only there; got ${region}`);
  }
  if (!Token.isUnresolved(targetRegion) && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(targetRegion)) {
    throw new Error(`${path}: targetRegion must be a region, such as eu-west-1; got ${JSON.stringify(targetRegion)}`);
  }
  const partitionOf = (name: string) => Token.isUnresolved(name) ? undefined : RegionInfo.get(name).partition;
  const [home, target] = [partitionOf(region), partitionOf(targetRegion)];
  if (home && target && home !== target) {
    throw new Error(`${path}: targetRegion must be in the partition of the stack, ${home}; got ${targetRegion}, which is in ${target}`);
  }
  if (targetAccountId !== undefined && !Token.isUnresolved(targetAccountId) && !/^\d{12}$/.test(targetAccountId)) {
    throw new Error(`${path}: targetAccountId must be a string of 12 digits; got ${JSON.stringify(targetAccountId)}`);
  }
  if (targetRegion === region && (targetAccountId ?? account) === account) {
    throw new Error(`${path}: targetRegion must be another region, because the events are in this one already; got ${targetRegion}`);
  }
}
