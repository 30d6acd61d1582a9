/** Reads what the tests hold the documents to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../..');

export const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const FENCE = /^ *```(\w*).*\n([\s\S]*?)^ *```$/gm;

/** The blocks of code, by language. */
export function blocksOf(text: string): { readonly language: string; readonly code: string }[] {
  return [...text.matchAll(FENCE)].map(([, language, code]) => ({ language, code }));
}

const withoutCode = (text: string) => text.replace(FENCE, '');

/** The targets of all links: those in the text, and the definitions that the text refers to. */
export function linksOf(text: string): string[] {
  const prose = withoutCode(text);
  return [...prose.matchAll(/(?<!!)\[[^\]]*\]\(([^)]+)\)/g), ...prose.matchAll(/^\[[^\]]+\]: (\S+)$/gm)].map(([, target]) => target);
}

/** The targets of all pictures. */
export function picturesOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, target]) => target);
}

/** The anchors of a document: those that GitHub gives the headings, and those that API.md sets itself. */
export function anchorsOf(text: string): string[] {
  const headings = [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\w -]/g, '').replaceAll(' ', '-'));
  return [...headings, ...[...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)];
}

/** The text under a heading, up to the next heading of the same level or a higher one. */
export function sectionOf(text: string, heading: string): string {
  const [start, level] = new RegExp(`^(#+) ${heading}$`, 'm').exec(text) ?? [];
  if (start === undefined) { throw new Error(`there is no heading "${heading}"`); }
  const [, rest] = text.split(`${start}\n`);
  return rest.split(new RegExp(`^#{1,${level.length}} `, 'm'))[0];
}

/** The rows of the table that has these columns, each with its cells by column. */
export function rowsOf(markdown: string, ...columns: string[]): { readonly [column: string]: string }[] {
  const lines = markdown.split('\n').map(line => line.split('|').slice(1, -1).map(cell => cell.trim()));
  const start = lines.findIndex(cells => columns.every(column => cells.includes(column)));
  const end = lines.findIndex((cells, i) => i > start && cells.length === 0);
  return lines.slice(start + 2, end < 0 ? undefined : end).map(cells => Object.fromEntries(cells.map((cell, i) => [lines[start][i], cell])));
}

/** What is quoted as code in a text. */
export const quotedIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, quoted]) => quoted);
