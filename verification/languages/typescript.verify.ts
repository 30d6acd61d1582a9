import { join } from 'node:path';
import { manifest, mustRunIn, PACKAGES, pin, referenceTemplates, verifyApp } from './app';

verifyApp({
  language: 'typescript',
  pack: ['js'],
  source: 'app.ts',
  exception: /^\s*throw new Error|^Error: /m,
  async install(folder) {
    const { name, version } = manifest;
    pin(join(folder, 'package.json'), /"cdk-alternate-contact": ".*"/, `"${name}": "file:${join(PACKAGES, 'js', `${name}@${version}.jsii.tgz`)}"`);
    await mustRunIn(folder, ['npm', 'install', '--no-audit', '--no-fund', '--no-package-lock']);
    return {};
  },
});

// Equal templates would prove little if they were empty.
test('the template of the tree has the contacts and the settings that the example declares', async () => {
  const [template] = await referenceTemplates();
  const { Resources } = JSON.parse(template) as {
    Resources: { [id: string]: { Type: string; DeletionPolicy?: string; Properties: { [name: string]: unknown } } };
  };
  const all = Object.values(Resources);
  const contacts = all.filter(({ Type }) => Type === 'Custom::AlternateContact')
    .map(({ Properties, DeletionPolicy = 'Delete' }) => `${Properties.AccountId ?? 'own'} ${Properties.AlternateContactType} ${DeletionPolicy}`);
  expect(contacts.sort()).toEqual(['111122223333 BILLING Delete', '111122223333 OPERATIONS Delete', 'own BILLING Delete', 'own SECURITY Retain']);
  const settings = all.flatMap(({ Properties }) => [Properties.RetentionInDays, Properties.Timeout]).filter(value => value !== undefined);
  // Of the function that the contacts share by default, and of the example's.
  expect(settings.sort()).toEqual([300, 365, 90, 900]);
});

test.each(['lab@example.com', 'platform@example.com', 'ou-ab12-11111111', '"AWS::StepFunctions::StateMachine"', ':events:eu-west-1:'])(
  'the templates of the tree have what the example declares for the organization: %s', async part => {
    expect((await referenceTemplates()).join('')).toContain(part);
  });
