import { randomBytes } from 'node:crypto';
import { CANCELLED, type Operation } from '../operation';
import { inOrder } from '../ordering';
import { type Change, isCustom, type Made, ResourceFailure, type ResourceState } from '../resource';
import type { Properties, ResolvedTemplate } from '../template';

/** Creates and updates resources, dependencies first. The first failure cancels the work in flight and keeps the rest from starting. */
export async function forward(operation: Operation, template: ResolvedTemplate): Promise<boolean> {
  const { stopped } = operation;
  await inOrder([...template.resources.keys()], id => template.dependencies(id), id => advance(operation, template, id), () => stopped.aborted);
  return !stopped.aborted;
}

async function advance(operation: Operation, template: ResolvedTemplate, logicalId: string): Promise<void> {
  const { stack, touched } = operation;
  const definition = template.resources.get(logicalId);
  const known = stack.resources.get(logicalId);
  if (!definition) {
    return;
  }
  const dependencies = template.dependencies(logicalId);
  const state: ResourceState = known ?? {
    logicalId,
    type: definition.Type,
    definition,
    dependencies,
    status: '',
    properties: {},
    attributes: {},
    updatedAt: operation.clock.now(),
    reached: false,
  };
  const before = known && { ...known };
  let properties: Properties;
  try {
    properties = template.properties(logicalId, (...name) => operation.lookup(...name));
  } catch (reason) {
    touched.set(logicalId, before);
    fail(operation, state, known ? 'UPDATE_FAILED' : 'CREATE_FAILED', reason as Error);
    return;
  }
  Object.assign(state, { definition, dependencies });
  if (known && JSON.stringify(properties) === JSON.stringify(known.properties)) {
    if (before && JSON.stringify(before.definition) !== JSON.stringify(definition)) {
      touched.set(logicalId, before);
    }
    return; // no Update for the same properties, even if policies or dependencies have changed
  }

  touched.set(logicalId, before);
  stack.resources.set(logicalId, state);
  const phase = known ? 'Update' : 'Create';
  const kind = phase.toUpperCase();
  stack.mark(state, `${kind}_IN_PROGRESS`);
  const change = { ...operation.change(state, properties, before?.properties), cancelled: operation.stopped };
  Object.assign(state, { properties, reached: true });
  try {
    const made = await unlessCancelled(operation, phase, change);
    operation.complete(state, phase, properties, made);
    if (before && before.physicalId !== made.physicalId) {
      operation.leftovers.push({ state: before, policy: definition.UpdateReplacePolicy });
    }
  } catch (reason) {
    if (reason instanceof ResourceFailure && !before) {
      state.physicalId = reason.physicalId; // the Delete that follows has the id from the FAILED response
      state.reached = reason.reached;
    } else if (before && reason instanceof ResourceFailure && !reason.reached) {
      state.properties = before.properties; // the request did not reach the function or service: there is nothing to undo
    }
    // A FAILED Update does not replace, whatever physical id it responds with.
    fail(operation, state, `${kind}_FAILED`, reason as Error);
  }
}

/** CloudFormation does not wait for a custom resource whose sibling has failed. */
function unlessCancelled(operation: Operation, phase: 'Create' | 'Update', change: Change): Promise<Made> {
  const work = operation.perform(phase, change);
  if (!isCustom(change.type)) {
    return work; // it checks the signal by itself
  }
  return new Promise((resolve, reject) => {
    const cancel = () => reject(new Error(CANCELLED[phase]));
    operation.stopped.addEventListener('abort', cancel);
    work.then(resolve, reject).finally(() => operation.stopped.removeEventListener('abort', cancel));
  });
}

function fail(operation: Operation, state: ResourceState, status: string, reason: Error): void {
  const { stack } = operation;
  stack.resources.set(state.logicalId, state);
  if (status === 'CREATE_FAILED' && state.reached && isCustom(state.type) && state.physicalId === undefined) {
    // The function has not answered with an id, so CloudFormation invents one.
    state.physicalId = `${stack.name}-${state.logicalId}-${randomBytes(6).toString('hex').toUpperCase()}`;
  }
  stack.mark(state, status, reason.message);
  operation.cancel();
}
