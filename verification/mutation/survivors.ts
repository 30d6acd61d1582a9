import { declarationsOf } from './declarations';

/** The members of Stryker's report (mutation-testing-report-schema) that are read. */
export interface MutationReport {
  readonly files: { readonly [file: string]: { readonly source: string; readonly mutants: Mutant[] } };
}

interface Mutant {
  readonly status: 'Killed' | 'Survived' | 'NoCoverage' | 'Timeout' | 'CompileError' | 'RuntimeError' | 'Ignored' | 'Pending';
  readonly mutatorName: string;
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
  /** The function that it is part of, such as `nameOf` or `Deadline.within`; the constant for one that is outside of all functions. */
  readonly function: string;
  /** The name of Stryker's mutator. */
  readonly mutator: string;
  /** The code that is replaced, and its replacement, each in one line. */
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
      const { line, column } = mutant.location.start;
      if (index >= 0) { open.splice(index, 1); } else { unlisted.push(`${file}:${line}:${column} ${textOf(found)}`); }
    }
  }
  return { scores, unlisted, obsolete: open.map(survivor => `${survivor.file}: ${textOf(survivor)}`) };
}

/** Of the files that were to be mutated, those that were not: a name may be misspelt. */
export function unjudged(files: readonly string[], { scores }: Verdict): string[] {
  return files.filter(file => !scores.some(score => score.file === file && score.mutants > 0));
}

/** Whether the code that a survivor replaces still stands in the function that it names. */
export function stillStands(survivor: Survivor, source: string): boolean {
  return declarationsOf(source).some(({ name, start, end }) =>
    name === survivor.function && inOneLine(source.slice(start, end)).includes(survivor.original));
}

const key = ({ file, function: name, mutator, original, replacement }: Found) => JSON.stringify([file, name, mutator, original, replacement]);

/** What is printed about a mutant: all that a list of survivors needs. */
const textOf = ({ function: name, mutator, original, replacement }: Found) => `${name}, ${mutator}: ${original} -> ${replacement}`;

function describe(file: string, source: string, { mutatorName, location, replacement = '' }: Mutant): Found {
  const [start, end] = [location.start, location.end].map(position => offsetOf(source, position));
  const declaration = declarationsOf(source).find(part => part.start <= start && end <= part.end);
  return { file, function: declaration?.name ?? '', mutator: mutatorName, original: inOneLine(source.slice(start, end)), replacement: inOneLine(replacement) };
}

function offsetOf(source: string, { line, column }: Position): number {
  return source.split('\n').slice(0, line - 1).reduce((offset, text) => offset + text.length + 1, 0) + column - 1;
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
