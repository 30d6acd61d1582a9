import type { Clock } from './clock';
import type { Call, Fault } from './faults';
import { ServiceError } from './integration';

/** A service's own errors for the faults `429` and `500`, and the name of any other error that its model does not declare. */
export interface FaultErrors {
  readonly throttled: ServiceError;
  readonly broken: ServiceError;
  readonly unknown: string;
}

/** Answers a call of a state machine with `perform`, or as the fault says, and sets the outcome of the call. */
export async function answerOrFail<T>(clock: Clock, call: Call, fault: Fault | undefined, errors: FaultErrors, perform: () => T): Promise<T> {
  try {
    return await meet(clock, fault, errors, perform);
  } catch (reason) {
    call.outcome = (reason as Error).name;
    throw reason;
  }
}

async function meet<T>(clock: Clock, fault: Fault | undefined, { throttled, broken, unknown }: FaultErrors, perform: () => T): Promise<T> {
  switch (fault?.kind) {
    case undefined:
      return perform();
    case '429':
      throw throttled;
    case '500':
      throw broken;
    case 'error':
      throw new ServiceError(fault.name ?? unknown, fault.message ?? '', fault.status ?? 400);
    case 'slow':
      await clock.sleep(fault.seconds ?? 1);
      return perform();
    case 'drop-after':
      perform();
      break;
  }
  throw new ServiceError('SdkClientException', 'Unable to execute HTTP request', 0);
}
