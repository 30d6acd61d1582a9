import { ACCOUNT, Bench, BenchOptions, Definition, machine, processor, run } from './state-machines';

const MACHINE = `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:Machine`;
const LOG_GROUP = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/vendedlogs/states/Machine:*`;
const itself = '{% $states.context.StateMachine.Id %}';
const sfn = (action: string, input: object, more: object = { End: true }) => ({
  Type: 'Task', Resource: `arn:aws:states:::aws-sdk:sfn:${action}`, Arguments: input, ...more,
});
const waits = (comment: string, seconds = 60): Definition => machine({ Wait: { Type: 'Wait', Seconds: seconds, End: true } }, { Comment: comment });

interface Described { Definition: string; RoleArn: string; UpdateDate: string; RevisionId?: string }

/** A machine that is described, and others that describe it. */
class Onlooker extends Bench {
  private asked = 0;

  public async ask<T = Described>(action: string, input: object): Promise<T> {
    const arn = this.put(machine({ Ask: sfn(action, input) }), { name: `Onlooker${this.asked++}` });
    const execution = this.stepFunctions.start(arn, {});
    await this.clock.until(execution.ended);
    if (execution.status !== 'SUCCEEDED') {
      throw new Error(`${execution.outcome.error}: ${execution.outcome.cause}`);
    }
    return execution.outcome.output as T;
  }

  public machine(): Promise<Described> {
    return this.ask('describeStateMachine', { StateMachineArn: MACHINE });
  }
}

describe('the revision of a state machine', () => {
  test('has no id until the first update, and then a new one with each update that changes something', async () => {
    const bench = new Onlooker();
    const ids: (string | undefined)[] = [];
    const note = async () => ids.push((await bench.machine()).RevisionId);
    const put = async (comment: string, more: Parameters<Bench['put']>[1] = {}) => {
      bench.put(waits(comment), more);
      await note();
    };
    await put('one');
    await put('one');
    await put('two');
    await put('two');
    await put('two', { logging: { level: 'ERROR', includeExecutionData: false } });
    await put('two', { logging: { level: 'ERROR', includeExecutionData: false, logGroupArn: LOG_GROUP } });
    await put('two', { tracing: true });
    await put('one');
    const uuid = expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(ids).toEqual([undefined, undefined, uuid, ids[2], uuid, uuid, uuid, uuid]);
    expect(new Set(ids).size).toBe(7 - 1); // two revisions were seen twice
  });

  test('is that of the machine for a new execution, and stays what it was for one that runs', async () => {
    const bench = new Onlooker();
    bench.put(waits('old', 600));
    const running = bench.stepFunctions.start(MACHINE, {});
    await bench.clock.advance(10);
    bench.put(waits('new', 600));
    const started = bench.stepFunctions.start(MACHINE, {});
    const [{ RevisionId }, old, current] = [
      await bench.machine(), ...await Promise.all([running, started].map(({ identity }) => bench.ask('describeStateMachineForExecution', { ExecutionArn: identity.arn }))),
    ];
    expect(RevisionId).toBeDefined();
    expect(old).toMatchObject({ UpdateDate: '2026-01-01T00:00:00.000Z', Definition: JSON.stringify(waits('old', 600)), Name: 'Machine', StateMachineArn: MACHINE });
    expect(old).not.toHaveProperty('RevisionId');
    expect(current).toMatchObject({ UpdateDate: '2026-01-01T00:00:10.000Z', Definition: JSON.stringify(waits('new', 600)), RevisionId });
  });

  test.each<[string, BenchOptions, boolean, boolean]>([
    ['executions start with the old definition', { definitionDelaySeconds: 5 }, true, false],
    ['DescribeStateMachine shows the old definition', { describeDelaySeconds: 5 }, false, true],
  ])('for some seconds after an update, %s', async (_, options, startsOld, showsOld) => {
    const bench = new Onlooker(options);
    const old = waits('old');
    const isOld = async () => {
      const { identity: { arn } } = bench.stepFunctions.start(MACHINE, {});
      const answers = [await bench.ask('describeStateMachineForExecution', { ExecutionArn: arn }), await bench.machine()];
      return answers.map(({ Definition: definition }) => definition === JSON.stringify(old));
    };
    bench.put(old);
    await bench.clock.advance(60);
    bench.put(waits('new'));
    expect(await isOld()).toEqual([startsOld, showsOld]);
    await bench.clock.advance(5);
    expect(await isOld()).toEqual([false, false]);
  });

  test('is described in full, or without the definition', async () => {
    const bench = new Onlooker();
    bench.put(waits('one'), { logging: { level: 'ERROR', includeExecutionData: true, logGroupArn: LOG_GROUP }, tracing: true, encrypted: true });
    expect(await bench.machine()).toEqual({
      StateMachineArn: MACHINE,
      Name: 'Machine',
      Status: 'ACTIVE',
      Type: 'STANDARD',
      Definition: JSON.stringify(waits('one')),
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/Role`,
      CreationDate: '2026-01-01T00:00:00.000Z',
      LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: true, Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: LOG_GROUP } }] },
      TracingConfiguration: { Enabled: true },
      EncryptionConfiguration: { Type: 'CUSTOMER_MANAGED_KMS_KEY' },
    });
    const { identity: { arn } } = bench.stepFunctions.start(MACHINE, { a: 1 });
    const only = { IncludedData: 'METADATA_ONLY' };
    expect((await bench.ask('describeStateMachine', { StateMachineArn: MACHINE, ...only })).Definition).toBe('{}');
    expect((await bench.ask('describeStateMachineForExecution', { ExecutionArn: arn, ...only })).Definition).toBe('{}');
    expect(Object.keys(await bench.ask('describeExecution', { ExecutionArn: arn, ...only }))).toEqual(['ExecutionArn', 'StateMachineArn', 'Name', 'Status', 'StartDate']);
  });

  test('can be asked for by an EXPRESS child, but not about one', async () => {
    const describe = (arn: string) => ({ Ask: sfn('describeStateMachine', { StateMachineArn: arn }) });
    const about = (states: Parameters<typeof processor>[0]) => run(machine({ M: { Type: 'Map', Items: [1], ItemProcessor: processor(states), End: true } }));
    expect((await about(describe(MACHINE))).outcome.output).toMatchObject([{ Name: 'Machine' }]);
    const [labelled, express] = await Promise.all([
      about(describe(itself)), about({ Ask: sfn('describeStateMachineForExecution', { ExecutionArn: '{% $states.context.Execution.Id %}' }) }),
    ]);
    expect([labelled, express].map(({ mapRuns }) => mapRuns[0].executions[0].outcome)).toMatchObject([
      { error: 'Sfn.ValidationException' },
      { error: 'Sfn.InvalidArnException', cause: expect.stringContaining("Invalid Arn: 'Resource type not valid in this context: express'") },
    ]);
  });

  test.each([
    ['describeStateMachine', { StateMachineArn: `${MACHINE}X` }, 'Sfn.StateMachineDoesNotExistException'],
    ['listExecutions', { StateMachineArn: `${MACHINE}X` }, 'Sfn.StateMachineDoesNotExistException'],
    ['describeStateMachineForExecution', { ExecutionArn: MACHINE.replace('stateMachine', 'execution') }, 'Sfn.ExecutionDoesNotExistException'],
    ['startExecution', { StateMachineArn: MACHINE, Input: '{' }, 'Sfn.InvalidExecutionInputException'],
    ['startExecution', { StateMachineArn: MACHINE, Name: 'a:b' }, 'Sfn.InvalidNameException'],
  ])('%s of %j is a %s', async (action, input, error) => {
    const bench = new Onlooker();
    bench.put(waits('one'));
    await expect(bench.ask(action, input)).rejects.toThrow(error);
  });

  test('is shown to a role that may see the machine, and the one of an execution to a role that may see the execution', async () => {
    const arn = (type: string, name: string) => `arn:aws:states:us-east-1:${ACCOUNT}:${type}:${name}`;
    const allow = (action: string, resource: string) => ({ statements: [{ Effect: 'Allow' as const, Action: `states:${action}`, Resource: resource }] });
    const ask = async (action: string, options: BenchOptions) => {
      const bench = new Onlooker(options);
      bench.put(waits('one'));
      const { identity } = bench.stepFunctions.start(MACHINE, {});
      const answer = bench.ask(action, action === 'describeStateMachine' ? { StateMachineArn: MACHINE } : { ExecutionArn: identity.arn });
      return answer.then(({ RoleArn }) => RoleArn, (reason: Error) => reason.message);
    };
    expect(await ask('describeStateMachine', allow('DescribeStateMachine', MACHINE))).toMatch(/:role\/Role$/);
    expect(await ask('describeStateMachine', allow('DescribeStateMachine', arn('execution', 'Machine:*')))).toMatch(/not authorized to perform: states:DescribeStateMachine on resource: .*:stateMachine:Machine /);
    expect(await ask('describeStateMachineForExecution', allow('DescribeStateMachineForExecution', arn('execution', 'Machine:*')))).toMatch(/:role\/Role$/);
    expect(await ask('describeStateMachineForExecution', allow('DescribeStateMachineForExecution', MACHINE))).toMatch(/not authorized to perform: states:DescribeStateMachineForExecution on resource: .*:execution:Machine:/);
  });
});

describe('the name of an execution', () => {
  const start = async (bench: Onlooker, input: object) =>
    (await bench.ask<{ ExecutionArn: string }>('startExecution', { StateMachineArn: MACHINE, Name: 'all-1', Input: JSON.stringify(input) })).ExecutionArn;
  const open = (seconds = 60) => {
    const bench = new Onlooker();
    bench.put(waits('one', seconds));
    return bench;
  };
  const EXISTS = /Sfn.ExecutionAlreadyExistsException: Execution Already Exists: '\S+:execution:Machine:all-1'/;

  test('is listed', async () => {
    const bench = open();
    await start(bench, {});
    const { Executions } = await bench.ask<{ Executions: object[] }>('listExecutions', { StateMachineArn: MACHINE, StatusFilter: 'RUNNING' });
    expect(Executions).toMatchObject([{ Name: 'all-1', Status: 'RUNNING' }]);
  });

  test('gives the same execution while it runs with the same input, and is refused with another', async () => {
    const bench = open();
    expect(await start(bench, { a: 1 })).toBe(await start(bench, { a: 1 }));
    await expect(start(bench, { a: 2 })).rejects.toThrow(EXISTS);
    expect(bench.stepFunctions.executions.filter(({ identity }) => identity.name === 'all-1')).toHaveLength(1);
  });

  test('can be used again 90 days after the execution has ended', async () => {
    const bench = open(1);
    await start(bench, {});
    await bench.clock.advance(89 * 86_400);
    await expect(start(bench, {})).rejects.toThrow(EXISTS);
    await bench.clock.advance(86_401);
    await start(bench, {});
    expect(bench.stepFunctions.executions.filter(({ identity }) => identity.name === 'all-1')).toHaveLength(2);
  });
});
