import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Aws, Fn, NestedStack, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import * as library from '../../src';
import { ENV, EVERYONE, SECURITY_CONTACT, stackIn } from '../contacts';

const SRC = join(__dirname, '../../src');

/** The modules that the library imports. An app has each of them once, however many copies of the library it has. */
const SHARED = new Set(readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
  .flatMap(name => [...readFileSync(join(SRC, name), 'utf8').matchAll(/ from '((?:aws-cdk-lib|constructs)[^']*)'/g)].map(([, module]) => module)));

/** Loads the library once more, as an app does that finds it in two folders. */
function anotherCopy(): typeof library {
  let copy!: typeof library;
  const shared = [...SHARED].map((name): [string, unknown] => [name, jest.requireActual(name)]);
  jest.isolateModules(() => {
    for (const [name, module] of shared) { jest.doMock(name, () => module); }
    copy = jest.requireActual('../../src');
  });
  return copy;
}

const other = anotherCopy();
const declare = ({ AlternateContact }: typeof library, scope: Construct, id: string, accountId?: string) =>
  new AlternateContact(scope, id, { ...SECURITY_CONTACT, alternateContactType: library.AlternateContactType.SECURITY, accountId });
const sweepOf = ({ OrganizationAlternateContacts }: typeof library, scope: Construct, id: string) =>
  new OrganizationAlternateContacts(scope, id, EVERYONE);
const warningsIn = (stack: Stack) =>
  Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));

test('the other copy of the library has its own classes, and the CDK that the first one has', () => {
  expect(other.AlternateContact).not.toBe(library.AlternateContact);
  expect(declare(other, stackIn(), 'Contact')).toBeInstanceOf(Construct);
});

describe.each([
  ['the other one', library, other],
  ['the first one', other, library],
])('of two copies of the library in one app, %s', (_, first, second) => {
  test('refuses the contact that a stack or its nested stack declares already', () => {
    const stack = stackIn();
    declare(first, stack, 'One', '222222222222');
    for (const scope of [stack, new NestedStack(stack, 'Nested')]) {
      expect(() => declare(second, scope, 'Two', '222222222222')).toThrow(`${scope.node.path}/Two: the SECURITY contact of this account is already declared by Stack/One.`);
    }
  });

  test('warns of a contact that another stack declares', () => {
    const app = new App();
    const [one, two] = ['One', 'Two'].map(id => stackIn(ENV.account, app, id));
    declare(first, one, 'Contact');
    declare(second, two, 'Contact');
    expect(warningsIn(two)).toEqual([expect.stringContaining('is also declared in another stack, by One/Contact')]);
  });

  test("warns of a contact that may be the stack's account's twice", () => {
    const stack = stackIn();
    declare(first, stack, 'Omitted');
    const named = declare(second, stack, 'Named', Fn.conditionIf('HasMember', '222222222222', Aws.NO_VALUE).toString());
    expect(named.node.metadata.map(({ data }) => String(data))).toEqual([expect.stringContaining('mayBeDeclaredTwice')]);
  });

  test('refuses to sweep a contact that is declared', () => {
    const stack = stackIn(ENV.account);
    declare(first, stack, 'Contact', '222222222222');
    sweepOf(second, stack, 'Sweep');
    expect(() => (stack.node.root as App).synth())
      .toThrow('the SECURITY contact of 222222222222 is declared by this sweep and by Stack/Contact');
  });

  test('refuses to sweep what is swept', () => {
    const stack = stackIn(ENV.account);
    sweepOf(first, stack, 'One');
    sweepOf(second, stack, 'Two');
    expect(() => (stack.node.root as App).synth()).toThrow('are declared by this sweep and by Stack/One');
  });

  test('declares a contact whose first declaration was removed, although another construct has taken its place', () => {
    const stack = stackIn();
    declare(first, stack, 'One');
    stack.node.tryRemoveChild('One');
    new Construct(stack, 'One');
    expect(() => declare(second, stack, 'Two')).not.toThrow();
  });
});

/** Adds what a copy of an unknown version would add to the app. */
function addUnknownRegistry(app: App): void {
  Object.defineProperty(app, Symbol.for('cdk-alternate-contact.Registries'), { value: [{ version: 99, contacts: 'unreadable' }] });
}

test('the registry of an unknown version is left alone, and one warning says so', () => {
  const app = new App();
  addUnknownRegistry(app);
  const stack = stackIn(ENV.account, app);
  for (const accountId of ['222222222222', '333333333333']) { declare(library, stack, accountId, accountId); }
  expect(warningsIn(stack)).toEqual(['Another version of cdk-alternate-contact declares contacts in this app, and this one cannot read what it declares: '
    + 'if both declare the same contact, nothing says so. Use one version in the app. [ack: cdk-alternate-contact:otherVersion]']);
  expect(() => declare(other, stack, 'Again', '222222222222')).toThrow('already declared by Stack/222222222222');
});

test('a registry holds plain data only, because the copy that reads it may be of another version', () => {
  const app = new App();
  const stack = stackIn(ENV.account, app);
  declare(library, stack, 'Contact', '222222222222');
  sweepOf(library, stack, 'Sweep');
  const registries = (app as unknown as Record<symbol, unknown>)[Symbol.for('cdk-alternate-contact.Registries')];
  expect(registries).toEqual(JSON.parse(JSON.stringify(registries)));
  expect(registries).toMatchObject([{ version: 1, contacts: [{ ids: ['Stack', 'Contact'] }], sweeps: [{ ids: ['Stack', 'Sweep'] }] }]);
});
