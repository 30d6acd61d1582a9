/* How the demo writes: in colors on a terminal, in plain text in a pipe, and in no more columns than WIDTH. */
const WIDTH = 100;

const IS_COLORED = process.argv.includes('--color') || (process.stdout.isTTY && !process.env.NO_COLOR);
const color = (code: number) => (text: string) => IS_COLORED ? `\u001b[${code}m${text}\u001b[0m` : text;

export const [bold, dim, red, green, yellow, cyan] = [1, 2, 31, 32, 33, 36].map(color);

export function print(line = ''): void {
  process.stdout.write(`${line.trimEnd()}\n`);
}

export function heading(title: string, says: string): void {
  print();
  print(bold(cyan(`== ${title}`)));
  wrap(says).forEach(line => print(line));
  print();
}

/** Breaks a text into lines, each behind the same number of spaces. */
export function wrap(text: string, indent = 0): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(`${' '.repeat(indent)}${word}`);
    }
  }
  return lines;
}

/**
 * Prints rows in columns. The first row is their heading, and the first cell of each row its name.
 *
 * @param before the same rows as they were: what differs is marked
 */
export function table(rows: string[][], before?: string[][]): void {
  let changes = 0;
  for (const [index, [name, ...cells]] of rows.entries()) {
    const line = `  ${name.padEnd(15)}${cells.map((cell, column) => {
      const isChanged = before !== undefined && cell !== before[index][column + 1];
      changes += Number(isChanged);
      const padding = ' '.repeat(Math.max(22 - cell.length, 0));
      return `${isChanged ? yellow(`* ${cell}`) : `  ${cell}`}${padding}`;
    }).join('')}`.trimEnd();
    print(index === 0 ? bold(line) : line);
  }
  if (before) { print(dim(changes > 0 ? '  * changed' : '  nothing changed')); }
}
