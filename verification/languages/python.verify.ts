import { delimiter, join } from 'node:path';
import { manifest, mustRunIn, PACKAGES, pin, STACKS, templatesIn, verifyApp } from './app';
import { ROOT } from '../tools/packages';

const installed = verifyApp({
  language: 'python',
  pack: ['python'],
  source: 'app.py',
  exception: /^RuntimeError: /m,
  async install(folder) {
    const { name, version, jsii } = manifest;
    const wheel = join(PACKAGES, 'python', `${jsii.targets.python.module}-${version}-py3-none-any.whl`);
    pin(join(folder, 'requirements.txt'), /^cdk-alternate-contact==.*$/m, `${name} @ file://${wheel}`);
    await mustRunIn(folder, ['python3', '-m', 'venv', '.venv']);
    const bin = join(folder, '.venv', 'bin');
    await mustRunIn(folder, [join(bin, 'pip'), 'install', '--quiet', '-r', 'requirements.txt']);
    return { PATH: `${bin}${delimiter}${process.env.PATH}`, VIRTUAL_ENV: join(folder, '.venv') };
  },
});

test('examples/organization-wide makes the same templates, byte for byte, in Python and in TypeScript', async () => {
  const { folder, env } = installed();
  const example = join(ROOT, 'examples', 'organization-wide');
  const [inTypeScript, inPython] = [join(folder, 'wide-typescript.out'), join(folder, 'wide-python.out')];
  await mustRunIn(ROOT, [join(ROOT, 'node_modules', '.bin', 'tsx'), join(example, 'app.ts')], { CDK_OUTDIR: inTypeScript });
  await mustRunIn(folder, ['python3', join(example, 'python', 'app.py')], { ...env, CDK_OUTDIR: inPython });
  const stacks = STACKS.slice(1);
  expect(templatesIn(inPython, stacks)).toEqual(templatesIn(inTypeScript, stacks));
});
