import { Bench, END, machine, output, run, types } from './state-machines';

describe('the API of Step Functions', () => {
  const sfn = (action: string, input: object, more: object = END) => ({ Type: 'Task', Resource: `arn:aws:states:::aws-sdk:sfn:${action}`, Arguments: input, ...more });
  const itself = '{% $states.context.StateMachine.Id %}';

  test('an execution finds and stops the other executions of its machine', async () => {
    const bench = new Bench();
    const arn = bench.put(machine({
      Begin: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.wait = true %}', Next: 'Wait' }], Default: 'List' },
      Wait: { Type: 'Wait', Seconds: 60, ...END },
      List: sfn('listExecutions', { StateMachineArn: itself, StatusFilter: 'RUNNING' }, {
        Output: "{% $states.result.Executions[ExecutionArn != $states.context.Execution.Id].{'arn': ExecutionArn, 'since': StartDate} %}", Next: 'Stop',
      }),
      Stop: sfn('stopExecution', { ExecutionArn: '{% $states.input.arn %}', Error: 'Superseded', Cause: 'newer' }, { Output: '{% $states.input.arn %}', Next: 'Describe' }),
      Describe: sfn('describeExecution', { ExecutionArn: '{% $states.input %}' }),
    }));
    const older = bench.stepFunctions.start(arn, { wait: true });
    await bench.clock.advance(10);
    const newer = bench.stepFunctions.start(arn, {});
    await bench.clock.until(newer.ended);
    expect([older.status, older.outcome, types(older).at(-1)]).toEqual(['ABORTED', { error: 'Superseded', cause: 'newer' }, 'ExecutionAborted']);
    expect(newer.outcome.output).toMatchObject({ Status: 'ABORTED', Input: '{"wait":true}', Error: 'Superseded', StopDate: expect.any(String) });
  });

  test('an execution starts another one, and does not wait for it', async () => {
    const bench = new Bench();
    const { outcome } = await bench.run(machine({
      Begin: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.again = true %}', Next: 'Start' }], Default: 'Done' },
      Done: { Type: 'Succeed' },
      Start: sfn('startExecution', { StateMachineArn: itself, Input: "{% $string({'again': false}) %}" }),
    }), { again: true });
    expect(bench.stepFunctions.executions.map(({ input, identity }) => [input, identity.arn]))
      .toEqual([[{ again: true }, expect.any(String)], [{ again: false }, (outcome.output as { ExecutionArn: string }).ExecutionArn]]);
  });

  test('the list has pages', async () => {
    const bench = new Bench();
    const list = (more: object) => machine({ A: sfn('listExecutions', { StateMachineArn: itself, MaxResults: 2, ...more }) });
    await bench.run(list({}));
    await bench.run(list({}));
    const page = async (more: object) => output(await bench.run(list(more))) as { Executions: unknown[]; NextToken?: string };
    const first = await page({});
    const second = await page({ NextToken: first.NextToken });
    expect([first.Executions.length, second.Executions.length, second.NextToken]).toEqual([2, 2, undefined]);
  });

  test('a call that the role does not allow fails with SfnException', async () => {
    const { outcome } = await run(machine({ A: sfn('listExecutions', { StateMachineArn: itself }) }), {}, { actions: 'account:*' });
    expect([outcome.error, outcome.cause]).toEqual(['Sfn.SfnException', expect.stringContaining('not authorized to perform: states:ListExecutions')]);
  });

});
