import type { Stack } from './stack';
import type { ResolvedTemplate } from './template';

/** The values that stacks export to each other, by account and region. */
export class Exports {
  private readonly values = new Map<string, unknown>();

  /** The value of another stack's export. */
  import(account: string, region: string, name: string): unknown {
    const key = `${account}/${region}/${name}`;
    if (!this.values.has(key)) {
      throw new Error(`No export named ${name} found.`);
    }
    return this.values.get(key);
  }

  /** Replaces everything that the stack exported before. */
  set(stack: Stack, outputs: ReturnType<ResolvedTemplate['outputs']>): void {
    stack.exports.forEach(name => this.values.delete(name));
    stack.exports = [];
    stack.outputs = Object.fromEntries(outputs.map(({ name, value }) => [name, String(value)]));
    for (const { value, exportName } of outputs) {
      if (exportName !== undefined) {
        const key = `${stack.account}/${stack.region}/${exportName}`;
        this.values.set(key, value);
        stack.exports.push(key);
      }
    }
  }
}
