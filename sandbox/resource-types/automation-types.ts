import { named, nameOf } from './resource-types';
import { type Change, type Made, ResourceFailure, type ResourceType } from '../cloudformation/resource';
import type { Properties } from '../cloudformation/template';
import { EventBridge, type RuleTarget } from '../events/event-bridge';
import type { Schedule, Scheduler } from '../events/scheduler';
import type { Logging } from '../step-functions/execution';
import type { StepFunctions } from '../step-functions/step-functions';

/** State machines, rules and schedules, as templates declare them. */
export function automationTypes(stepFunctions: StepFunctions, eventBridge: EventBridge, scheduler: Scheduler): Record<string, ResourceType> {
  return {
    'AWS::StepFunctions::StateMachine': stateMachine(stepFunctions),
    'AWS::Events::Rule': rule(eventBridge),
    'AWS::Scheduler::Schedule': schedule(scheduler),
  };
}

function stateMachine(stepFunctions: StepFunctions): ResourceType {
  const arn = (change: Change) => {
    const given = change.properties.StateMachineName;
    const kept = change.oldProperties?.StateMachineName === undefined && given === undefined ? change.physicalId : undefined;
    return kept ?? stepFunctions.arnOf({ ...change.stack, name: nameOf({ ...change, physicalId: undefined }, 'StateMachineName') });
  };
  return named(arn, ({ stack, properties }, physicalId) => {
    allow(properties, ['StateMachineName', 'DefinitionString', 'Definition', 'RoleArn', 'StateMachineType', 'LoggingConfiguration',
      'TracingConfiguration', 'EncryptionConfiguration', 'Tags']);
    if ((properties.StateMachineType ?? 'STANDARD') !== 'STANDARD') {
      throw new ResourceFailure('The sandbox models STANDARD state machines only.');
    }
    const name = physicalId.split(':').at(-1) ?? '';
    attempt(() => stepFunctions.put({
      account: stack.account,
      region: stack.region,
      name,
      roleArn: String(properties.RoleArn),
      definition: properties.DefinitionString === undefined ? JSON.stringify(properties.Definition) : String(properties.DefinitionString),
      logging: logging(properties.LoggingConfiguration as Properties | undefined),
      encrypted: (properties.EncryptionConfiguration as Properties | undefined)?.Type === 'CUSTOMER_MANAGED_KMS_KEY',
    }));
    return { physicalId, attributes: { Arn: physicalId, Name: name } };
  }, (_, physicalId) => stepFunctions.remove(physicalId));
}

function logging({ Level = 'OFF', IncludeExecutionData = false }: Properties = {}): Logging {
  return { level: Level as Logging['level'], includeExecutionData: String(IncludeExecutionData) === 'true' };
}

function rule(eventBridge: EventBridge): ResourceType {
  return named(change => nameOf(change, 'Name'), ({ stack, properties }, name): Made => {
    allow(properties, ['Name', 'Description', 'EventPattern', 'State', 'Targets', 'Tags']);
    const targets = (properties.Targets ?? []) as RuleTarget[];
    const arn = attempt(() => eventBridge.putRule({
      account: stack.account, region: stack.region, name, pattern: properties.EventPattern, enabled: isEnabled(properties), targets,
    }));
    return { physicalId: name, attributes: { Arn: arn } };
  }, ({ stack }, name) => eventBridge.removeRule(eventBridge.arnOf({ ...stack, name })));
}

function schedule(scheduler: Scheduler): ResourceType {
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

function isEnabled({ State = 'ENABLED' }: Properties): boolean {
  return State === 'ENABLED';
}

function allow(properties: Properties, known: string[]): void {
  const unknown = Object.keys(properties).find(name => !known.includes(name));
  if (unknown !== undefined) {
    throw new ResourceFailure(`The sandbox does not model the property ${unknown}.`);
  }
}

/** What a service refuses fails the resource. */
function attempt<T>(act: () => T): T {
  try {
    return act();
  } catch (reason) {
    throw new ResourceFailure((reason as Error).message);
  }
}
