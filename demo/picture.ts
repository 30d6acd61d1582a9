import { STORY } from './story';

/** The parts of the demo that the picture shows. */
const SHOWN = [...STORY.filter(({ id }) => ['deploy', 'rename', 'fail'].includes(id)).map(({ title }) => title), 'summary'];

const COLUMNS = 100;
const FONT_SIZE = 13;
const CHARACTER_WIDTH = 0.602 * FONT_SIZE;
const LINE_HEIGHT = 18;
const MARGIN = 20;

/** How the picture draws what the terminal does at each of these codes. */
const STYLES: { readonly [code: string]: string } = {
  1: 'font-weight="bold"', 2: 'fill="#8b949e"', 31: 'fill="#ff7b72"', 32: 'fill="#7ee787"', 33: 'fill="#e3b341"', 36: 'fill="#79c0ff"',
};

/** Draws some parts of the demo's output as a terminal shows them. */
export function picture(output: string): string {
  const lines = ['$ npm run demo', ...excerpt(output)];
  const width = Math.ceil(COLUMNS * CHARACTER_WIDTH + 2 * MARGIN);
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    '<title>The output of npm run demo</title>',
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    `<g font-family="ui-monospace, monospace" font-size="${FONT_SIZE}" fill="#e6edf3">`,
    ...lines.map((line, index) => `<text x="${MARGIN}" y="${MARGIN + index * LINE_HEIGHT + FONT_SIZE}" xml:space="preserve">${drawn(line)}</text>`),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** The lines of the parts to show. */
function excerpt(output: string): string[] {
  const lines = output.split('\n');
  const titleOf = (line: string) => /^== (.*)$/.exec(withoutCodes(line))?.[1];
  return SHOWN.flatMap(title => {
    const start = lines.findIndex(line => titleOf(line) === title);
    if (start < 0) { throw new Error(`The demo has no part "${title}"`); }
    const length = lines.slice(start + 1).findIndex(line => titleOf(line) !== undefined);
    return ['', ...lines.slice(start, length < 0 ? undefined : start + 1 + length).join('\n').trimEnd().split('\n')];
  });
}

function withoutCodes(line: string): string {
  return line.replace(/\u001b\[\d+m/g, '');
}

/** A line as SVG: each part with the style that its codes give it. */
function drawn(line: string): string {
  const codes = new Set<string>();
  return line.split(/\u001b\[(\d+)m/).map((part, index) => {
    if (index % 2 === 0) { return styled(part, [...codes]); }
    if (part === '0') { codes.clear(); } else { codes.add(part); }
    return '';
  }).join('');
}

function styled(text: string, codes: string[]): string {
  const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return codes.length === 0 || text === '' ? escaped : `<tspan ${codes.map(code => STYLES[code]).join(' ')}>${escaped}</tspan>`;
}
