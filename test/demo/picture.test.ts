import { picture } from '../../demo/picture';
import { STORY } from '../../demo/story';

const titles = [...STORY.map(({ title }) => title), 'summary'];
const output = (text: string) => titles.map(title => `\n\u001b[1m== ${title}\u001b[0m\n${text}\n`).join('');

/** The lines of the picture, without their positions. */
const linesOf = (svg: string) => [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, line]) => line);

test('draws colors and weights, and keeps spaces', () => {
  const lines = linesOf(picture(output('  \u001b[1m\u001b[32mgood\u001b[0m\u001b[0m  plain \u001b[31mbad\u001b[0m')));
  expect(lines).toContain('  <tspan font-weight="bold" fill="#7ee787">good</tspan>  plain <tspan fill="#ff7b72">bad</tspan>');
});

test('escapes what XML reserves', () => {
  expect(linesOf(picture(output('a < b && b > c')))).toContain('a &lt; b &amp;&amp; b &gt; c');
});

test('shows a part of the demo up to the next one', () => {
  const lines = linesOf(picture(output('text')));
  expect(lines.filter(line => line === 'text')).toHaveLength(4);
  expect(lines.at(-1)).toBe('text');
});

test('refuses an output in which a part is missing', () => {
  expect(() => picture(output('text').replace('== deploy\u001b', '== other\u001b'))).toThrow('The demo has no part "deploy"');
});
