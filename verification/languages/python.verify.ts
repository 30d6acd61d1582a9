import { delimiter, join } from 'node:path';
import { manifest, mustRunIn, PACKAGES, pin, verifyApp } from './app';

verifyApp({
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
