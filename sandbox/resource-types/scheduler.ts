import { allow, attempt, isEnabled, named, nameOf } from './named';
import { type Made, ResourceFailure, type ResourceType } from '../cloudformation/resource';
import type { Properties } from '../cloudformation/template';
import type { Schedule, Scheduler } from '../events/scheduler';

export function schedule(scheduler: Scheduler): ResourceType {
  const group = (properties: Properties) => properties.GroupName === undefined ? undefined : String(properties.GroupName);
  return named(change => nameOf(change, 'Name'), ({ stack, properties }, name): Made => {
    allow(properties, ['Name', 'GroupName', 'Description', 'ScheduleExpression', 'ScheduleExpressionTimezone', 'FlexibleTimeWindow', 'State',
      'Target', 'KmsKeyArn']);
    const { Mode } = (properties.FlexibleTimeWindow ?? {}) as Properties;
    if (Mode !== 'OFF' || !['UTC', 'Etc/UTC'].includes(String(properties.ScheduleExpressionTimezone ?? 'UTC'))) {
      throw new ResourceFailure('The sandbox models schedules in UTC without a flexible time window only.');
    }
    const arn = attempt(() => scheduler.put({
      account: stack.account,
      region: stack.region,
      name,
      group: group(properties),
      expression: String(properties.ScheduleExpression),
      enabled: isEnabled(properties),
      target: properties.Target as Schedule['target'],
    }));
    return { physicalId: name, attributes: { Arn: arn } };
  }, ({ stack, properties }, name) => scheduler.remove(scheduler.arnOf({ ...stack, name, group: group(properties) })));
}
