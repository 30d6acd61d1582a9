import type { Stack } from './stack';

/** The stacks of all accounts and regions. */
export class StackRegistry {
  /** Includes nested and deleted stacks. A deleted stack is found by its id only. */
  readonly all: Stack[] = [];

  add(stack: Stack): void {
    this.all.push(stack);
  }

  /** The stack of that name, or with that id. */
  find(nameOrId: string, account: string, region: string): Stack | undefined {
    return this.all.find(stack => stack.account === account && stack.region === region
      && (stack.id === nameOrId || (stack.name === nameOrId && stack.status !== 'DELETE_COMPLETE')));
  }

  /** Drops a stack that is stuck, and its nested stacks, as AWS Support would. Its resources stay as they are. */
  forget(name: string, account: string, region: string): void {
    const forgotten = this.find(name, account, region);
    this.all.splice(0, this.all.length, ...this.all.filter(stack => stack !== forgotten && stack.root !== forgotten));
  }
}
