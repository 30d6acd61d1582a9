import { allow, attempt, named, nameOf } from './named';
import { type Change, ResourceFailure, type ResourceType } from '../cloudformation/resource';
import type { Properties } from '../cloudformation/template';
import type { Logging } from '../step-functions/execution';
import type { StepFunctions } from '../step-functions/service';

export function stateMachine(stepFunctions: StepFunctions): ResourceType {
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
      tracing: String((properties.TracingConfiguration as Properties | undefined)?.Enabled) === 'true',
      encrypted: (properties.EncryptionConfiguration as Properties | undefined)?.Type === 'CUSTOMER_MANAGED_KMS_KEY',
    }));
    return { physicalId, attributes: { Arn: physicalId, Name: name } };
  }, (_, physicalId) => stepFunctions.remove(physicalId));
}

function logging({ Level = 'OFF', IncludeExecutionData = false, Destinations = [] }: Properties = {}): Logging {
  const [destination] = Destinations as { CloudWatchLogsLogGroup?: { LogGroupArn?: string } }[];
  return {
    level: Level as Logging['level'],
    includeExecutionData: String(IncludeExecutionData) === 'true',
    logGroupArn: destination?.CloudWatchLogsLogGroup?.LogGroupArn,
  };
}
