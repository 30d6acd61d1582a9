import { allow, attempt, isEnabled, named, nameOf } from './named';
import type { Made, ResourceType } from '../cloudformation/resource';
import type { EventBridge, RuleTarget } from '../events/event-bridge';

export function rule(eventBridge: EventBridge): ResourceType {
  return named(change => nameOf(change, 'Name'), ({ stack, properties }, name): Made => {
    allow(properties, ['Name', 'Description', 'EventPattern', 'State', 'Targets', 'Tags']);
    const targets = (properties.Targets ?? []) as RuleTarget[];
    const arn = attempt(() => eventBridge.putRule({
      account: stack.account, region: stack.region, name, pattern: properties.EventPattern, enabled: isEnabled(properties), targets,
    }));
    return { physicalId: name, attributes: { Arn: arn } };
  }, ({ stack }, name) => eventBridge.removeRule(eventBridge.arnOf({ ...stack, name })));
}
