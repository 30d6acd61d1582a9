import { isDeepStrictEqual } from 'node:util';
import { MockResponseValidationMode, TestStateCommand, TestStateCommandInput, TestStateCommandOutput } from '@aws-sdk/client-sfn';
import type { CheckResult } from './checks';
import { Aws, stepFunctions } from './clients';
import { Visits, visitsInSandbox } from './visits';
import type { LeftVisit } from '../../sandbox';

/** The states that call something, which a mock answers. */
const MOCKED = ['Task', 'Map', 'Parallel'];
/** What gives another value each time. */
const VOLATILE = /\$(now|millis|random|uuid)\(|EnteredTime|StartTime/;

/**
 * Has AWS take each step that the sandbox took, with the same input, variables and answers of services, and compares where it ends. AWS checks the
 * answers against the models of its services.
 */
export async function testStates(aws: Pick<Aws, 'region'>, visits?: Visits): Promise<CheckResult> {
  const client = stepFunctions(aws);
  const seen = visits ?? await visitsInSandbox();
  const testable = seen.visits.filter(visit => isTestable(visit, seen.definition));
  const differences: string[] = [];
  // One at a time: the quota is low.
  for (const visit of testable) {
    const answer = await client.send(new TestStateCommand(requestFor(visit, seen.definition)))
      .catch((error: Error): Partial<TestStateCommandOutput> => ({ status: 'FAILED', error: error.name, cause: error.message }));
    const difference = differenceOf(visit, answer, VOLATILE.test(textOf(visit.state.name, seen.definition)));
    if (difference) { differences.push(`"${visit.state.name}": ${difference}`); }
  }
  return {
    check: 'test-states',
    answer: `${testable.length} steps, ${seen.visits.length - testable.length} that cannot be asked, because they read the context without a call`,
    differences,
  };
}

/** Only states that call something can be given a context. */
function isTestable({ state: { name, type } }: LeftVisit, definition: string): boolean {
  return MOCKED.includes(type) || !textOf(name, definition).includes('$states.context');
}

export function requestFor({ state, bindings, variables }: LeftVisit, definition: string): TestStateCommandInput {
  const { input, context, result, errorOutput } = bindings.states;
  const failure = errorOutput as { readonly Error: string; readonly Cause: string } | undefined;
  return {
    definition,
    stateName: state.name,
    input: JSON.stringify(input),
    variables: JSON.stringify(variables),
    ...MOCKED.includes(state.type) && {
      context: JSON.stringify(context),
      mock: {
        ...failure ? { errorOutput: { error: failure.Error, cause: failure.Cause } } : { result: JSON.stringify(result) },
        fieldValidationMode: MockResponseValidationMode.STRICT,
      },
      ...failure && { stateConfiguration: { retrierRetryCount: attemptsFor(state, failure.Error) } },
    },
  };
}

/** How often the state has been retried when it gives up. */
function attemptsFor(state: LeftVisit['state'], error: string): number {
  const retriers = 'retriers' in state ? state.retriers : [];
  return retriers.find(({ errorEquals }) => errorEquals.some(name => [error, 'States.ALL', 'States.TaskFailed'].includes(name)))?.maxAttempts ?? 0;
}

function differenceOf({ next, output, state }: LeftVisit, answer: Partial<TestStateCommandOutput>, isVolatile: boolean): string | undefined {
  if (!['SUCCEEDED', 'CAUGHT_ERROR'].includes(answer.status ?? '')) { return `${answer.status} with ${answer.error}`; }
  if (answer.nextState !== next) { return `goes to ${answer.nextState}, in the sandbox to ${next}`; }
  if (!isVolatile && state.type !== 'Wait' && !isDeepStrictEqual(JSON.parse(answer.output ?? 'null'), plain(output))) { return 'has another output'; }
  return undefined;
}

/** As JSON has it: without members that are undefined. */
function plain(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

/** The text of a state, wherever it stands in the definition. Its name is unique. */
function textOf(name: string, definition: string): string {
  let text = '';
  JSON.parse(definition, (key, value: unknown) => {
    if (key === name && typeof value === 'object' && value !== null && 'Type' in value) { text = JSON.stringify(value); }
    return value;
  });
  return text;
}
