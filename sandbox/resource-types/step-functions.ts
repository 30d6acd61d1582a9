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
    allow(properties, ['StateMachineName', 'DefinitionString', 'Definition', 'DefinitionSubstitutions', 'RoleArn', 'StateMachineType', 'LoggingConfiguration',
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
      definition: definition(properties),
      logging: logging(properties.LoggingConfiguration as Properties | undefined),
      tracing: String((properties.TracingConfiguration as Properties | undefined)?.Enabled) === 'true',
      encrypted: (properties.EncryptionConfiguration as Properties | undefined)?.Type === 'CUSTOMER_MANAGED_KMS_KEY',
    }));
    return { physicalId, attributes: { Arn: physicalId, Name: name } };
  }, (_, physicalId) => stepFunctions.remove(physicalId));
}

/** The definition with its substitutions, made as the published resource provider makes them. */
function definition({ DefinitionString, Definition, DefinitionSubstitutions = {} }: Properties): string {
  const values = new Map(Object.entries(DefinitionSubstitutions as Properties).map(([name, value]) => {
    if (typeof value !== 'string' && typeof value !== 'boolean' && !Number.isInteger(value)) {
      throw new ResourceFailure('Invalid definition substitution type. Input should be either String, Integer, or Boolean');
    }
    return [name, String(value)] as const;
  }));
  const once = (before: string) => before.replace(/\$\{([^}]*)\}/g, (placeholder, name: string) => values.get(name) ?? placeholder);
  // A value may contain further placeholders. One without a substitution stays as it is.
  let text = DefinitionString === undefined ? JSON.stringify(Definition) : String(DefinitionString);
  for (let round = 0; once(text) !== text; round++) {
    if (round > values.size) {
      throw new ResourceFailure('Aborting to protect against StackOverflowError - output of one loop is the input of another');
    }
    text = once(text);
  }
  return text;
}

function logging({ Level = 'OFF', IncludeExecutionData = false, Destinations = [] }: Properties = {}): Logging {
  const [destination] = Destinations as { CloudWatchLogsLogGroup?: { LogGroupArn?: string } }[];
  return {
    level: Level as Logging['level'],
    includeExecutionData: String(IncludeExecutionData) === 'true',
    logGroupArn: destination?.CloudWatchLogsLogGroup?.LogGroupArn,
  };
}
