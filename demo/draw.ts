/* Draws docs/images/demo.svg from the output of the demo. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { picture } from './picture';

const IMAGES = join(__dirname, '..', 'docs', 'images');
const output = execFileSync(process.execPath, ['--import', 'tsx', join(__dirname, 'demo.ts'), '--color'], { encoding: 'utf8' });
mkdirSync(IMAGES, { recursive: true });
writeFileSync(join(IMAGES, 'demo.svg'), picture(output));
