import type { Task } from './definition';
import { mustFit, StatesError } from './errors';
import { isObject } from './json-template';
import type { Visit } from './visit';
import { ServiceError } from '../core/service-error';

/** Where the name is not the one in the resource's ARN with a capital letter. */
const NAMESPACES: Record<string, string> = { cloudformation: 'CloudFormation', cloudwatch: 'CloudWatch' };

/** Calls the service that a Task state names, and waits for the response. */
export async function callTask(visit: Visit, task: Task): Promise<unknown> {
  const { service, action } = task;
  const input = task.arguments ? await task.arguments.evaluateTo(visit.bindings(), 'object', isObject) : visit.input as Record<string, unknown>;
  mustFit(input, `The input of the task '${task.name}'`);
  const resource = { resourceType: `aws-sdk:${service}`, resource: action };
  visit.record('TaskScheduled', () => ({ ...resource, region: visit.execution.identity.region, parameters: input }));
  visit.record('TaskStarted', () => resource);
  let result: unknown;
  try {
    result = await visit.strand.orStopped(timed(visit, task, answer(visit, task, input)));
  } catch (reason) {
    if (reason instanceof StatesError) {
      visit.record(reason.error === 'States.Timeout' ? 'TaskTimedOut' : 'TaskFailed', () => ({ ...resource, error: reason.error, cause: reason.message }));
    }
    throw reason;
  }
  try {
    mustFit(result, `The result of the task '${task.name}'`);
  } catch (reason) {
    visit.record('TaskFailed', () => ({ ...resource, error: (reason as StatesError).error, cause: (reason as StatesError).message }));
    throw reason;
  }
  visit.record('TaskSucceeded', () => ({ ...resource, output: result }));
  return result;
}

/** Calls the service. The call takes effect at once, even if the execution stops before the response arrives. */
async function answer(visit: Visit, task: Task, input: Record<string, unknown>): Promise<unknown> {
  try {
    return await visit.host.call(visit.execution, task, input);
  } catch (reason) {
    throw reason instanceof ServiceError
      ? new StatesError(`${namespace(task.service)}.${reason.name}`,
        `${reason.message} (Service: ${namespace(task.service)}, Status Code: ${reason.status}, Request ID: sandbox) (SDK Attempt Count: 1)`)
      : reason;
  } finally {
    await visit.strand.wait(visit.host.timings.callSeconds);
  }
}

async function timed<T>(visit: Visit, { name, timeoutSeconds }: Task, work: Promise<T>): Promise<T> {
  if (timeoutSeconds === undefined) {
    return work;
  }
  return visit.strand.first(work, timeoutSeconds, () => new StatesError('States.Timeout', `The task '${name}' took longer than ${timeoutSeconds} seconds.`));
}

/** The name of a service in the names of its errors, as in the SDK for Java. */
function namespace(service: string): string {
  return NAMESPACES[service] ?? service[0].toUpperCase() + service.slice(1);
}
