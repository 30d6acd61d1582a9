import { jsonata, part, sdk, states } from './asl';
import { MAP_RETRY, MINUTE_RETRY } from './retries';
import { EXECUTIONS_PER_PAGE, STOPPED_AT_A_TIME } from './tuning';

/*
 * A sweep of all accounts stops the older ones, because the newest declaration wins. The name of an execution does not always show what it sweeps, so
 * each running one is described. EXPRESS children do so, because hundreds of runs for named accounts would fill the history.
 */

/** The executions that began before this one. Of two that began at the same time, the one with the lower ARN counts as older. */
export const OLDER_EXECUTIONS = `(
  $began := $toMillis($states.context.Execution.StartTime);
  $id := $states.context.Execution.Id;
  [$states.result.Executions[$toMillis(StartDate) < $began or ($toMillis(StartDate) = $began and ExecutionArn < $id)].{
    'execution': ExecutionArn, 'newer': $id
  }]
)`;

/**
 * Whether an execution sweeps all accounts. Runs for named accounts go on, and so does an execution that waits after a deployment to start the newest
 * sweep. Digits alone prove no named account: a comment may hold some too.
 */
export const IS_FULL_SWEEP = '$not($contains($states.result.Input, /"accountIds"|"afterSeconds"|"joined"\\s*:\\s*"[^"]*\\d{12}/))';

/** Stops older sweeps, page by page. */
export function stopOlderSweeps(partition: string) {
  const stopIfFullSweep = states('Read its input', {
    'Read its input': {
      Type: 'Task',
      Resource: sdk(partition, 'sfn:describeExecution'),
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
      Resource: sdk(partition, 'sfn:stopExecution'),
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
  });

  return part({
    'List running executions': {
      Type: 'Task',
      Resource: sdk(partition, 'sfn:listExecutions'),
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
      Label: 'StopOlderSweeps',
      Items: jsonata('$older'),
      MaxConcurrency: STOPPED_AT_A_TIME,
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }, ...stopIfFullSweep },
      Retry: [MAP_RETRY],
      Output: {},
      Next: 'More running executions?',
    },
    'More running executions?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata('$executionsToken != null'), Next: 'List running executions' }],
      Default: 'Set contacts and list ahead',
    },
  });
}
