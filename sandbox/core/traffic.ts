import type { Clock } from './clock';
import { type Call, type Fault, Faults } from './faults';
import { Dropped, ServiceError } from './service-error';

/** How a service answers when it throttles a call, and when it fails itself. */
export interface CommonErrors {
  readonly throttled: () => ServiceError;
  readonly internal: () => ServiceError;
}

/** How most services answer then. */
export const COMMON_ERRORS: CommonErrors = {
  throttled: () => new ServiceError('TooManyRequestsException', 'Rate exceeded', 429),
  internal: () => new ServiceError('InternalServerException', 'An internal error occurred.', 500),
};

/** The calls to the services of a sandbox. Each is recorded, and may meet a fault. */
export class Traffic {
  readonly calls: Call[] = [];
  readonly faults = new Faults();

  constructor(readonly clock: Clock) {}

  /** Performs a call, unless a fault prevents it, and records the outcome. Throws ServiceError. */
  async call<T>(details: Omit<Call, 'at' | 'outcome'>, errors: CommonErrors, perform: () => T | Promise<T>): Promise<T> {
    const call: Call = { at: this.clock.now(), ...details, outcome: 'ok' };
    this.calls.push(call);
    try {
      return await this.meetFault(call, errors, perform);
    } catch (reason) {
      if (reason instanceof ServiceError) {
        call.outcome = reason instanceof Dropped ? reason.when : reason.name;
      }
      throw reason;
    }
  }

  /** Performs a call as the next fault for it says. */
  async meetFault<T>(call: Call, errors: CommonErrors, perform: () => T | Promise<T>): Promise<T> {
    const fault = this.faults.next(call);
    switch (fault?.kind) {
      case '500':
        throw like(errors.internal(), fault);
      case '429':
        throw like(errors.throttled(), fault);
      case 'error':
        throw like(new ServiceError('UnknownError', '', 400), fault);
      case 'drop':
      case 'drop-before':
        throw new Dropped('drop-before');
      case 'drop-after':
        await Promise.resolve().then(perform).catch((reason: unknown) => {
          if (!(reason instanceof ServiceError)) {
            throw reason;
          }
        });
        throw new Dropped('drop-after');
      case 'slow':
        await this.clock.sleep(fault.seconds ?? 1);
        return perform();
      default:
        return perform();
    }
  }
}

/** The error, with the differences that the fault asks for. */
function like(error: ServiceError, { name = error.name, message = error.message, status = error.status, members }: Fault): ServiceError {
  return new ServiceError(name, message, status, members);
}
