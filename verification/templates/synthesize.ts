/**
 * Writes the templates of a checkout, for `compare.ts`: `tsx synthesize.ts CHECKOUT DIRECTORY`. It uses only the public API, so it fits any revision.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [, , checkout, directory] = process.argv as (string | undefined)[] as [string, string, string, string];
const EXAMPLES = ['account-vending', 'named-accounts', 'organization-wide'];
const contact = (name: string) => ({ name, title: 'On call', emailAddress: `${name}@example.com`, phoneNumber: '+1 555 0100' });

/** The code of the function may differ between revisions. The first is its text in a template, the second in a template inside of a template. */
const code = JSON.stringify(readFileSync(join(checkout, 'assets/handler.js'), 'utf8')).slice(1, -1);
const codeWithin = JSON.stringify(code).slice(1, -1);

function write(name: string, template: string): void {
  writeFileSync(join(directory, `${name}.json`), template.replaceAll(codeWithin, 'the handler').replaceAll(code, 'the handler'));
}

function synthesizeExample(example: string): void {
  const outdir = join(directory, `${example}.out`);
  const { status, stderr } = spawnSync(join(checkout, 'node_modules/.bin/tsx'), [join(checkout, 'examples', example, 'app.ts')], {
    cwd: checkout, env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' }, encoding: 'utf8',
  });
  if (status !== 0) { throw new Error(`${example}: ${stderr}`); }
  for (const file of readdirSync(outdir).filter(name => name.endsWith('.template.json'))) {
    write(`${example}-${file.replace('.template.json', '')}`, readFileSync(join(outdir, file), 'utf8'));
  }
  rmSync(outdir, { recursive: true });
}

/** The machine of a sweep in all its variants: both modes, with and without overrides for units, in two partitions. */
function synthesizeSweeps(): void {
  const load = (module: string) => createRequire(join(checkout, 'package.json'))(module) as unknown;
  const { App, Stack } = load('aws-cdk-lib') as typeof import('aws-cdk-lib');
  const { AlternateContactOverride, OrganizationAlternateContacts, SweepMode } = load(join(checkout, 'src/index.ts')) as typeof import('../../src');
  for (const region of ['us-east-1', 'cn-north-1', undefined]) {
    for (const mode of [SweepMode.ENFORCE, SweepMode.REPORT_ONLY]) {
      for (const hasUnits of [false, true]) {
        const stack = new Stack(new App(), 'Contacts', { env: region ? { account: '111111111111', region } : undefined });
        new OrganizationAlternateContacts(stack, 'Contacts', {
          billing: contact('finance'),
          security: contact('soc'),
          mode,
          overrides: [
            AlternateContactOverride.forAccounts(['222222222222'], { security: contact('lab') }),
            ...hasUnits ? [AlternateContactOverride.forOrganizationalUnits(['ou-ab12-11111111'], { operations: contact('shop') })] : [],
          ],
        });
        const name = `sweep-${region ?? 'any-region'}-${mode}${hasUnits ? '-units' : ''}`;
        write(name, JSON.stringify((App.of(stack) as InstanceType<typeof App>).synth().getStackByName('Contacts').template, undefined, 1));
      }
    }
  }
}

mkdirSync(directory, { recursive: true });
EXAMPLES.forEach(synthesizeExample);
synthesizeSweeps();
