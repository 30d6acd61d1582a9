/** What of Stryker's report (mutation-testing-report-schema) is read. */
export interface MutationReport {
  readonly files: { readonly [file: string]: { readonly source: string; readonly mutants: Mutant[] } };
}

interface Mutant {
  readonly status: 'Killed' | 'Survived' | 'NoCoverage' | 'Timeout' | 'CompileError' | 'RuntimeError' | 'Ignored' | 'Pending';
  readonly replacement?: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

/** Counted from 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** A mutant that no test can kill. It has no line, so that it is found again after an edit elsewhere in the file. */
export interface Survivor {
  readonly file: string;
  /** The line on which it starts, without indentation. */
  readonly code: string;
  /** What is replaced, and by what. */
  readonly original: string;
  readonly replacement: string;
  /** Why it is equivalent. */
  readonly reason: string;
}

export interface FileScore {
  readonly file: string;
  readonly killed: number;
  readonly mutants: number;
}

export interface Verdict {
  readonly scores: FileScore[];
  /** They survived and are not listed. */
  readonly unlisted: string[];
  /** They are listed, in a file that was mutated, and did not survive. */
  readonly obsolete: string[];
}

type Found = Omit<Survivor, 'reason'>;

/** Compares the mutants that survived with those that are listed. */
export function judge({ files }: MutationReport, listed: Survivor[]): Verdict {
  const scores: FileScore[] = [];
  const unlisted: string[] = [];
  const open = listed.filter(({ file }) => file in files);
  for (const [file, { source, mutants }] of Object.entries(files)) {
    const judged = mutants.filter(({ status }) => !['CompileError', 'RuntimeError', 'Ignored'].includes(status));
    const survivors = judged.filter(({ status }) => !['Killed', 'Timeout'].includes(status));
    scores.push({ file, killed: judged.length - survivors.length, mutants: judged.length });
    for (const mutant of survivors) {
      const found = describe(file, source, mutant);
      const index = open.findIndex(survivor => key(survivor) === key(found));
      if (index >= 0) { open.splice(index, 1); } else { unlisted.push(`${file}:${mutant.location.start.line}:${mutant.location.start.column} ${found.original} -> ${found.replacement}`); }
    }
  }
  return { scores, unlisted, obsolete: open.map(({ file, original, replacement }) => `${file}: ${original} -> ${replacement}`) };
}

/** Of the files that were to be mutated, those of which nothing was: a name may be misspelt. */
export function unjudged(files: readonly string[], { scores }: Verdict): string[] {
  return files.filter(file => !scores.some(score => score.file === file && score.mutants > 0));
}

const key = ({ file, code, original, replacement }: Found) => JSON.stringify([file, code, original, replacement]);

function describe(file: string, source: string, { location: { start, end }, replacement = '' }: Mutant): Found {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const code = lines[0].trim();
  lines[lines.length - 1] = lines[lines.length - 1].slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  const inOneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
  return { file, code, original: inOneLine(lines.join('\n')), replacement: inOneLine(replacement) };
}
