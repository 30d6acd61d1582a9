import { jsonata, MAP_RETRY, MINUTE_RETRY, states } from './asl';
import { EXECUTIONS_PER_PAGE } from './tuning';

/*
 * How a sweep of all accounts stops the older ones: the newest declaration wins. Who starts an execution cannot always choose its name, so each
 * running one has to be asked what it sweeps. EXPRESS children ask, because hundreds of runs for named accounts would fill the history.
 */

/** Executions that began before this one. Of two that began at once, the ids decide. */
export const OLDER_EXECUTIONS = `(
  $began := $toMillis($states.context.Execution.StartTime);
  $id := $states.context.Execution.Id;
  [$states.result.Executions[$toMillis(StartDate) < $began or ($toMillis(StartDate) = $began and ExecutionArn < $id)].{
    'execution': ExecutionArn, 'newer': $id
  }]
)`;

/** Runs for named accounts go on, and so does a deployment's that waits to start the newest sweep. A comment may hold digits too. */
export const IS_FULL_SWEEP = '$not($contains($states.result.Input, /"accountIds"|"afterSeconds"|"joined"\\s*:\\s*"[^"]*\\d{12}/))';

/** The states that stop older sweeps, page by page. */
export function stopOlderSweeps(sdk: (action: string) => string) {
  return {
    'List running executions': {
      Type: 'Task',
      Resource: sdk('sfn:listExecutions'),
      Arguments: jsonata(`$merge([
        {'StateMachineArn': $states.context.StateMachine.Id, 'StatusFilter': 'RUNNING', 'MaxResults': ${EXECUTIONS_PER_PAGE}},
        $executionsToken != null ? {'NextToken': $executionsToken} : {}
      ])`),
      Retry: [MINUTE_RETRY],
      Assign: {
        older: jsonata(OLDER_EXECUTIONS),
        executionsToken: jsonata('$exists($states.result.NextToken) ? $states.result.NextToken : null'),
      },
      Output: {},
      Next: 'Are there older executions?',
    },
    'Are there older executions?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata('$count($older) > 0'), Next: 'Stop older sweeps' }],
      Default: 'More running executions?',
    },
    'Stop older sweeps': {
      Type: 'Map',
      // The newest declaration wins. Runs for named accounts go on.
      Label: 'StopOlderSweeps',
      Items: jsonata('$older'),
      MaxConcurrency: 2,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
        ...states('Read its input', {
          'Read its input': {
            Type: 'Task',
            Resource: sdk('sfn:describeExecution'),
            Arguments: { ExecutionArn: jsonata('$states.input.execution') },
            Retry: [MINUTE_RETRY],
            Output: { order: jsonata('$states.input'), isFullSweep: jsonata(IS_FULL_SWEEP) },
            Next: 'Is it a full sweep?',
          },
          'Is it a full sweep?': {
            Type: 'Choice',
            Choices: [{ Condition: jsonata('$states.input.isFullSweep'), Next: 'Stop it' }],
            Default: 'Let it go on',
          },
          'Stop it': {
            Type: 'Task',
            Resource: sdk('sfn:stopExecution'),
            Arguments: {
              ExecutionArn: jsonata('$states.input.order.execution'),
              Error: 'Superseded',
              Cause: jsonata("'A newer sweep of all accounts has started: ' & $states.input.order.newer"),
            },
            Retry: [MINUTE_RETRY],
            Output: {},
            End: true,
          },
          'Let it go on': { Type: 'Pass', Output: {}, End: true },
        }),
      },
      Retry: [MAP_RETRY],
      Output: {},
      Next: 'More running executions?',
    },
    'More running executions?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata('$executionsToken != null'), Next: 'List running executions' }],
      Default: 'Set contacts and list ahead',
    },
  } as const;
}
