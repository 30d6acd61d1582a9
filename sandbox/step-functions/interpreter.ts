import type { State, States } from './definition';
import { mustFit, StatesError } from './errors';
import type { Execution } from './execution';
import type { ExecutionHost } from './execution-host';
import { type Transition, take } from './step';
import { Stopped, type Strand } from './strand';
import { Variables } from './variables';
import { type RunStates, Visit } from './visit';

/** Runs one execution from its first state to its last. */
export class Interpreter {
  constructor(private readonly execution: Execution, private readonly host: ExecutionHost) {}

  async run(machine: States): Promise<void> {
    const { execution } = this;
    try {
      execution.record('ExecutionStarted', () => ({ input: execution.input, roleArn: execution.identity.roleArn }));
      mustFit(execution.input, 'The input of the execution');
      const output = await this.states(machine, execution.input, undefined, execution.strand);
      execution.finish('SUCCEEDED', { output });
    } catch (reason) {
      if (reason instanceof StatesError) {
        execution.finish('FAILED', { error: reason.error, cause: reason.message });
      } else if (!(reason instanceof Stopped)) {
        execution.breakDown(reason);
      }
    }
  }

  private async states({ startAt, states }: States, input: unknown, outer: Variables | undefined, strand: Strand): Promise<unknown> {
    const variables = new Variables(outer);
    let step: Transition = { output: input, next: startAt };
    while (step.next !== undefined) {
      if (this.host.deleting()) {
        this.execution.finish('ABORTED', {});
        throw new Stopped();
      }
      const inside: RunStates = (...args) => this.states(...args);
      step = await take(new Visit(this.execution, this.host, states.get(step.next) as State, step.output, variables, strand, inside));
    }
    return step.output;
  }
}
