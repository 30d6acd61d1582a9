/** How the demo writes: in colours on a terminal, in plain text in a pipe. */
const colour = (code: number) => (text: string) => process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[${code}m${text}\u001b[0m` : text;

export const [bold, dim, red, green, cyan] = [1, 2, 31, 32, 36].map(colour);

export function heading(title: string, says: string): void {
  process.stdout.write(`\n${bold(cyan(`== ${title}`))}\n${says}\n\n`);
}

/** Writes rows in columns of equal width; the first row is their heading. */
export function table(rows: string[][], width = 24): void {
  for (const [index, row] of rows.entries()) {
    const line = `  ${row.map(cell => cell.padEnd(width)).join('')}`.trimEnd();
    process.stdout.write(`${index === 0 ? bold(line) : line}\n`);
  }
}
