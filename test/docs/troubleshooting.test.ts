import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, App, Aws, CfnCondition, Fn, Stack, Stage } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import ts from 'typescript';
import { quotedIn, read, ROOT, rowsOf, sectionOf } from './markdown';
import {
  AlternateContact, AlternateContactOverride, AlternateContactProvider, AlternateContactType, OrganizationAlternateContacts,
  OrganizationAlternateContactsProps,
} from '../../src';
import { WARNINGS } from '../../src/private/warnings';

const DOCUMENT = read('docs/troubleshooting.md');
const OF_SWEEPS = sectionOf(read('docs/organization.md'), 'Troubleshooting');

/** The messages in the first column of a table, with `...` for what differs. */
const messagesIn = (text: string) => rowsOf(text, 'message', 'what to do').flatMap(row => quotedIn(row.message));

const sourcesIn = (folder: string) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts')).map(name => read(join(folder, name)));
const SOURCES = [...sourcesIn('src'), ...sourcesIn('lambda')];

test('every message that it explains is one that the library can write, or one of AWS', () => {
  const ofAws = ['AccessDeniedException', 'ValidationException', 'TooManyRequestsException', 'Modifying service token is not allowed'];
  const messages = [...messagesIn(sectionOf(DOCUMENT, 'At synthesis')), ...messagesIn(sectionOf(DOCUMENT, 'At deployment'))];
  expect(messages.length).toBeGreaterThan(25);
  const parts = messages.flatMap(message => message.split(/\(\.\.\.\)|\.\.\.|: |Could not /)).map(part => part.trim()).filter(part => /\w/.test(part) && !ofAws.includes(part));
  // What a source may say, without the joints of long strings.
  const words = SOURCES.map(source => source.replace(/['`]\s*\+\s*['`]/g, '').replaceAll("\\'", "'")).join('\n');
  expect(parts.filter(part => !words.includes(part))).toEqual([]);
});

/** What an expression says, with `…` for what differs. */
function textOf(node: ts.Node): string {
  if (ts.isStringLiteralLike(node)) { return node.text; }
  if (ts.isTemplateExpression(node)) { return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join(''); }
  return ts.isBinaryExpression(node) ? textOf(node.left) + textOf(node.right) : '…';
}

/** The messages of the errors that a source makes. */
function errorsIn(source: string): string[] {
  const errors: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isNewExpression(node) && /^(Error|Failure)$/.test(node.expression.getText()) && node.arguments?.length) { errors.push(textOf(node.arguments[0])); }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.ES2022, true));
  return errors;
}

test('every error that the library makes is explained', () => {
  const explained = [
    ...messagesIn(sectionOf(DOCUMENT, 'At synthesis')), ...messagesIn(sectionOf(DOCUMENT, 'At deployment')), ...messagesIn(OF_SWEEPS),
  ].map(message => new RegExp(message.split('...').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')));
  // One that only passes on what others say is explained where they say it.
  const errors = SOURCES.flatMap(errorsIn).filter(error => /\w/.test(error));
  expect(errors.length).toBeGreaterThan(25);
  expect(errors.filter(error => !explained.some(message => message.test(error)))).toEqual([]);
});

const PREFIX = 'cdk-alternate-contact:';
const ENV = { account: '111111111111', region: 'eu-west-1' };
const TYPES = Object.values(AlternateContactType);
const values = { name: 'Team', title: 'On call', emailAddress: 'team@example.com', phoneNumber: '1' };
const contacts = { billing: values, operations: values, security: values };

const declare = (stack: Stack, provider?: AlternateContactProvider) =>
  new AlternateContact(stack, 'Contact', { accountId: provider ? undefined : '222222222222', alternateContactType: AlternateContactType.SECURITY, ...values, provider });
const sweep = (stack: Stack, id: string, props: OrganizationAlternateContactsProps) => new OrganizationAlternateContacts(stack, id, props);
const immutableRole = (stack: Stack) => Role.fromRoleArn(stack, 'Given', 'arn:aws:iam::111111111111:role/given', { mutable: false });
const forUnit = [AlternateContactOverride.forOrganizationalUnits(['ou-ab12-11111111'], contacts)];

/** Apps that each get one of the warnings, by its id and what is special about the app. Each returns the stacks that it is printed for. */
const SAMPLES: { readonly id: string; readonly where: string; readonly make: (app: App) => Stack[] }[] = [
  {
    id: 'declaredInTwoStacks',
    where: 'in two stacks',
    make: app => {
      const stacks = ['One', 'Two'].map(id => new Stack(app, id, { env: ENV }));
      for (const stack of stacks) { declare(stack); }
      return [stacks[1]];
    },
  },
  {
    id: 'mayBeDeclaredTwice',
    where: 'in one stack',
    make: app => {
      const stack = new Stack(app, 'Stack', { env: ENV });
      new CfnCondition(stack, 'Never', { expression: Fn.conditionEquals('a', 'b') });
      const accountIds = [undefined, Fn.conditionIf('Never', '222222222222', Aws.NO_VALUE).toString()];
      accountIds.forEach((accountId, i) => new AlternateContact(stack, `Contact${i}`, { ...values, accountId, alternateContactType: TYPES[0] }));
      return [stack];
    },
  },
  {
    id: 'otherVersion',
    where: 'in an app with another copy of the library',
    make: app => {
      Object.defineProperty(app, Symbol.for('cdk-alternate-contact.Registries'), { value: [{ version: 99 }] });
      const stack = new Stack(app, 'Stack', { env: ENV });
      declare(stack);
      return [stack];
    },
  },
  {
    id: 'roleMustBeGranted',
    where: 'of a function',
    make: app => {
      const stack = new Stack(app, 'Stack', { env: ENV });
      declare(stack, new AlternateContactProvider(stack, 'Provider', { role: immutableRole(stack) }));
      return [stack];
    },
  },
  {
    id: 'roleMustBeGranted',
    where: 'of a sweep',
    make: app => {
      const stack = new Stack(app, 'Stack', { env: ENV });
      sweep(stack, 'Sweep', { ...contacts, role: immutableRole(stack) });
      return [stack];
    },
  },
  {
    id: 'keyMustAllowLogs',
    where: 'of a sweep',
    make: app => {
      const stack = new Stack(app, 'Stack', { env: ENV });
      sweep(stack, 'Sweep', { ...contacts, encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/given') });
      return [stack];
    },
  },
  {
    id: 'mayBeSwept',
    where: 'in one stage',
    make: app => {
      const stacks = ['One', 'Two'].map(id => new Stack(app, id, { env: ENV }));
      declare(stacks[0]);
      sweep(stacks[1], 'Sweep', { overrides: forUnit });
      return [stacks[0]];
    },
  },
  {
    id: 'mayBeSwept',
    where: 'in two stages',
    make: app => {
      const stacks = ['One', 'Two'].map(id => new Stack(new Stage(app, id, { env: ENV }), 'Stack'));
      declare(stacks[0]);
      sweep(stacks[1], 'Sweep', contacts);
      return [stacks[1]];
    },
  },
  ...TYPES.map(type => ({
    id: `mayBeSwept${type}`,
    where: 'by two sweeps',
    make: (app: App) => {
      const only = { [type.toLowerCase()]: values };
      const stacks = ['One', 'Two'].map(id => new Stack(app, id, { env: ENV }));
      sweep(stacks[0], 'Sweep', { overrides: [AlternateContactOverride.forOrganizationalUnits(['ou-ab12-11111111'], only)] });
      sweep(stacks[1], 'Sweep', { overrides: [AlternateContactOverride.forAccounts(['222222222222'], only)] });
      return stacks;
    },
  })),
];

/** The ids of an app's warnings. */
function warningsOf({ stacks, nestedAssemblies }: CloudAssembly): string[] {
  return [
    ...stacks.flatMap(({ messages }) => messages.filter(({ level }) => (level as string) === 'warning').map(({ entry }) => /\[ack: (.+)\]$/.exec(String(entry.data))?.[1] ?? '')),
    ...nestedAssemblies.flatMap(({ nestedAssembly }) => warningsOf(nestedAssembly)),
  ];
}

test.each(SAMPLES)('the warning $id $where is printed, and can be acknowledged on its stack', ({ id, make }) => {
  const app = new App();
  const stacks = make(app);
  expect(warningsOf(app.synth())).toEqual(stacks.map(() => PREFIX + id));

  const acknowledged = new App();
  for (const stack of make(acknowledged)) { Annotations.of(stack).acknowledgeWarning(PREFIX + id); }
  expect(warningsOf(acknowledged.synth())).toEqual([]);
});

test('every warning is explained and printed by a sample, and no other', () => {
  const explained = rowsOf(sectionOf(DOCUMENT, 'Warnings'), 'what it means').flatMap(row => quotedIn(row[`id, after \`${PREFIX}\``]));
  expect(explained.sort()).toEqual([...WARNINGS].sort());
  expect(explained).toEqual([...new Set(SAMPLES.map(({ id }) => id))].sort());
});
