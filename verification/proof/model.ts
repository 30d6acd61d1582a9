/**
 * The inputs of the proof: apps that declare contacts, their changes from one deployment to the next, and the faults in between. They do not depend on
 * how a system declares or sets a contact.
 */
import * as fc from 'fast-check';
import { CONTACT_TYPES, ContactType } from '../../sandbox';

export const OWN = '111111111111';
export const MEMBERS = ['222222222222', '333333333333'];

/** The stacks, and the account that each is deployed to. */
export const STACKS = { One: OWN, Two: OWN, Member: MEMBERS[0] } as const;
export type StackName = keyof typeof STACKS;

/** Parameters that hold the id of an account. Their values change too. */
export const PARAMETERS = ['AccountX', 'AccountY'] as const;
export type Parameter = typeof PARAMETERS[number];

/** One contact, as an app declares it. */
export interface ContactDeclaration {
  readonly stack: StackName;
  /** The nested stacks around it, outermost first: `A`, `A/B`. @default - none */
  readonly nest?: string;
  /** The path of the construct, which renaming and moving change. */
  readonly path: string;
  /** The account may be left out, named by its digits, or by a parameter. */
  readonly account: { readonly as: 'omitted' } | { readonly as: 'literal'; readonly id: string } | { readonly as: 'token'; readonly parameter: Parameter };
  readonly type: ContactType;
  /** Stands for all values of the contact: see contactValues(). */
  readonly values: number;
  readonly retain: boolean;
  readonly overwriteExisting: boolean;
  readonly provider: 'default' | 'P' | 'Q';
}

/** An app: its declarations, and the values of the parameters. */
export interface Model {
  readonly declarations: ContactDeclaration[];
  readonly parameters: Record<Parameter, string>;
}

export const EMPTY: Model = { declarations: [], parameters: { AccountX: MEMBERS[0], AccountY: MEMBERS[1] } };

/** The account that a declaration means. */
export function accountOf({ account, stack }: ContactDeclaration, { parameters }: Model): string {
  return account.as === 'omitted' ? STACKS[stack] : account.as === 'literal' ? account.id : parameters[account.parameter];
}

/** `222222222222/SECURITY` */
export function keyOf(declaration: ContactDeclaration, model: Model): string {
  return `${accountOf(declaration, model)}/${declaration.type}`;
}

/** The values that a number stands for. PERSONAL recognizes each of them. */
export const contactValues = (values: number) => ({
  Name: `Nomen${values} Nominandum`, Title: `Munus${values}`, EmailAddress: `persona${values}@example.com`, PhoneNumber: `+99 ${values} 555`,
});
export const PERSONAL = /Nomen\d|Munus\d|persona\d|\+99 \d/;

/** The name of the contact that is declared. */
export function contactNameOf({ values }: ContactDeclaration): string {
  return contactValues(values).Name;
}

/** A change of the app. Indices count modulo what there is. */
export type Edit =
  | { readonly edit: 'add'; readonly declaration: Omit<ContactDeclaration, 'path' | 'values'> }
  | { readonly edit: 'remove' | 'values' | 'rename' | 'move' | 'retain' | 'overwrite'; readonly at: number }
  | { readonly edit: 'type'; readonly at: number; readonly type: ContactType }
  | { readonly edit: 'account'; readonly at: number; readonly account: ContactDeclaration['account'] }
  | { readonly edit: 'provider'; readonly at: number; readonly provider: ContactDeclaration['provider'] }
  | { readonly edit: 'nest'; readonly at: number; readonly nest?: Nest }
  | { readonly edit: 'renameNest' | 'dissolveNest'; readonly at: number }
  | { readonly edit: 'swapTypes' | 'swapPaths'; readonly at: number; readonly with: number }
  | { readonly edit: 'swapParameters' }
  | { readonly edit: 'clear' };

/** The nested stacks of generated sequences, one of them inside another. Renaming adds further names. */
const NESTS = ['A', 'B', 'A/C'] as const;
type Nest = typeof NESTS[number];

/** A change by hand. */
export interface ByHand {
  readonly account: string;
  readonly type: ContactType;
  readonly action: 'put' | 'delete';
  /** Whether it was just made, so that reads may not show it yet. Otherwise it was made long ago. */
  readonly justNow?: boolean;
}

/** One deployment of the app, with its faults. */
export interface Step {
  readonly edits: Edit[];
  readonly byHand: ByHand[];
  /** Another resource of each stack fails: while the contacts are set, or after them. */
  readonly sibling?: 'meanwhile' | 'afterwards';
  /** Whether the sibling that fails is in a nested stack, if there is one. */
  readonly siblingIsNested?: boolean;
  /** The service refuses one put of a contact of this type. */
  readonly refused?: ContactType;
  /** Calls that fail temporarily: throttling, errors of the service, lost connections, refused responses. */
  readonly disturbances: ('429' | '500' | 'drop-before' | 'drop-after')[];
  /** Events are delivered twice: at once, or some seconds later. */
  readonly duplicates?: 'at once' | 'later';
  /** Whether it begins while reads may still show the contacts before the last step. */
  readonly soon?: boolean;
}

/** Deployments of one app, one after another, and their circumstances. */
export interface Sequence {
  readonly steps: Step[];
  /** Reads show a write only after these seconds. A list has one delay per write, and its last one is for all further writes. @default 0 */
  readonly readDelaySeconds?: number | readonly number[];
  /** Whether each read has its own delay up to that, so that a later one may show an older value. */
  readonly readsAnyReplica?: boolean;
  /** How many invocations may run at once; the others wait in the queue. @default - any number */
  readonly concurrency?: number;
}

/** Makes the next app from the last. `serial` makes values and names that were never used before. */
export function apply(model: Model, edits: Edit[], serial: () => number): Model {
  return edits.reduce((current, edit) => {
    const next = edited(current, edit, serial);
    return isDeployable(next) ? next : current;
  }, model);
}

function edited(model: Model, edit: Edit, serial: () => number): Model {
  const { declarations } = model;
  const change = (at: number, values: (declaration: ContactDeclaration) => Partial<ContactDeclaration>) => ({
    ...model,
    declarations: declarations.map((declaration, index) =>
      (index === at % declarations.length ? { ...declaration, ...values(declaration) } : declaration)),
  });
  /** Gives the outermost nested stack of a declaration another name, or removes it. This concerns all declarations in it. */
  const withNest = (name: string) => {
    const { stack, nest } = declarations[(edit as { at: number }).at % declarations.length] ?? {};
    const [outermost] = nest?.split('/') ?? [];
    return !outermost ? model : {
      ...model,
      declarations: declarations.map(declaration => (declaration.stack === stack && declaration.nest?.split('/')[0] === outermost
        ? { ...declaration, nest: [name, ...declaration.nest.split('/').slice(1)].filter(part => part).join('/') || undefined } : declaration)),
    };
  };
  switch (edit.edit) {
    case 'add': return { ...model, declarations: [...declarations, { ...edit.declaration, path: `Contact${serial()}`, values: serial() }] };
    case 'remove': return { ...model, declarations: declarations.filter((_, index) => index !== edit.at % declarations.length) };
    case 'values': return change(edit.at, () => ({ values: serial() }));
    case 'rename': return change(edit.at, () => ({ path: `Contact${serial()}` }));
    case 'move': return change(edit.at, ({ path }) => ({ path: `Group${serial()}/${path.split('/').pop()}` }));
    case 'retain': return change(edit.at, ({ retain }) => ({ retain: !retain }));
    case 'overwrite': return change(edit.at, ({ overwriteExisting }) => ({ overwriteExisting: !overwriteExisting }));
    case 'type': return change(edit.at, () => ({ type: edit.type }));
    case 'account': return change(edit.at, () => ({ account: edit.account }));
    case 'provider': return change(edit.at, () => ({ provider: edit.provider }));
    case 'nest': return change(edit.at, () => ({ nest: edit.nest }));
    case 'renameNest': return withNest(`Nest${serial()}`);
    case 'dissolveNest': return withNest('');
    case 'swapParameters': return { ...model, parameters: { AccountX: model.parameters.AccountY, AccountY: model.parameters.AccountX } };
    case 'clear': return { ...model, declarations: [] };
    case 'swapTypes': case 'swapPaths': {
      const [one, two] = [declarations[edit.at % declarations.length], declarations[edit.with % declarations.length]];
      if (!one || one === two) { return model; }
      const property = edit.edit === 'swapTypes' ? 'type' : 'path';
      return {
        ...model,
        declarations: declarations.map(declaration => (declaration === one ? { ...one, [property]: two[property] }
          : declaration === two ? { ...two, [property]: one[property] } : declaration)),
      };
    }
  }
}

/** Not deployable are one contact declared twice in a stack or its nested stacks, and a member that names another account: no user expects these to work. */
function isDeployable(model: Model): boolean {
  const keys = model.declarations.map(declaration => `${declaration.stack}/${keyOf(declaration, model)}`);
  const paths = model.declarations.map(declaration => `${declaration.stack}/${declaration.nest}/${declaration.path}`);
  return new Set(keys).size === keys.length && new Set(paths).size === paths.length
    && model.declarations.every(declaration => declaration.stack !== 'Member' || accountOf(declaration, model) === STACKS.Member);
}

/** The value in that many of 100 cases, otherwise undefined. */
function inPercent<T>(percent: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 100 - percent, arbitrary: fc.constant(undefined) }, { weight: percent, arbitrary });
}

const account: fc.Arbitrary<ContactDeclaration['account']> = fc.oneof(
  fc.constant({ as: 'omitted' } as const),
  fc.constantFrom(OWN, ...MEMBERS).map(id => ({ as: 'literal', id }) as const),
  fc.constantFrom(...PARAMETERS).map(parameter => ({ as: 'token', parameter }) as const),
);
const type = fc.constantFrom(...CONTACT_TYPES);
const provider = fc.oneof({ weight: 3, arbitrary: fc.constant('default' as const) }, fc.constantFrom('P' as const, 'Q' as const));
const at = fc.nat(9);

/** Changes of an app. The percentage says how many of its contacts go into nested stacks. */
function editsOf(nestedPercent: number): fc.Arbitrary<Edit> {
  const nest = inPercent(nestedPercent, fc.constantFrom(...NESTS));
  const ofNests: { weight: number; arbitrary: fc.Arbitrary<Edit> }[] = [
    { weight: 4, arbitrary: fc.record({ edit: fc.constant('nest' as const), at, nest }) },
    { weight: 2, arbitrary: fc.record({ edit: fc.constantFrom('renameNest' as const, 'renameNest' as const, 'dissolveNest' as const), at }) },
  ];
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        edit: fc.constant('add' as const),
        declaration: fc.record({
          stack: fc.oneof({ weight: 8, arbitrary: fc.constant('One' as const) }, fc.constantFrom('Two' as const, 'Member' as const)),
          nest,
          account,
          type,
          retain: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
          overwriteExisting: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
          provider,
        }),
      }),
    },
    { weight: 7, arbitrary: fc.record({ edit: fc.constantFrom('remove' as const, 'values' as const, 'rename' as const, 'move' as const, 'retain' as const, 'overwrite' as const), at }) },
    { weight: 2, arbitrary: fc.record({ edit: fc.constant('type' as const), at, type }) },
    { weight: 3, arbitrary: fc.record({ edit: fc.constant('account' as const), at, account }) },
    { weight: 1, arbitrary: fc.record({ edit: fc.constant('provider' as const), at, provider }) },
    { weight: 2, arbitrary: fc.record({ edit: fc.constantFrom('swapTypes' as const, 'swapPaths' as const), at, with: at }) },
    { weight: 1, arbitrary: fc.constantFrom<Edit>({ edit: 'swapParameters' }, { edit: 'swapParameters' }, { edit: 'clear' }) },
    ...nestedPercent > 0 ? ofNests : [],
  );
}

function stepsOf(nestedPercent: number): fc.Arbitrary<Step[]> {
  return fc.array(fc.record({
    edits: fc.array(editsOf(nestedPercent), { minLength: 1, maxLength: 5 }),
    byHand: inPercent(25, fc.array(fc.record({
      account: fc.constantFrom(OWN, ...MEMBERS),
      type,
      action: fc.constantFrom('put' as const, 'put' as const, 'delete' as const),
      justNow: fc.boolean(),
    }), { minLength: 1, maxLength: 2 })).map(list => list ?? []),
    sibling: inPercent(40, fc.constantFrom('meanwhile' as const, 'afterwards' as const, 'afterwards' as const)),
    siblingIsNested: fc.boolean(),
    refused: inPercent(10, type),
    disturbances: inPercent(40, fc.subarray(['429', '500', 'drop-before', 'drop-after'] as const).map(list => [...list])).map(list => list ?? []),
    duplicates: inPercent(30, fc.constantFrom('at once' as const, 'later' as const)),
    soon: fc.boolean(),
  }, { noNullPrototype: true }), { minLength: 2, maxLength: 6 });
}

/** Sequences of deployments. Most apps have no nested stacks, most reads are fresh, and most functions run at once. */
export const sequences: fc.Arbitrary<Sequence> = fc.record({
  steps: fc.oneof({ weight: 3, arbitrary: stepsOf(0) }, { weight: 2, arbitrary: stepsOf(60) }),
  readDelaySeconds: inPercent(40, fc.constantFrom(3, 15, 60)),
  readsAnyReplica: fc.boolean(),
  concurrency: inPercent(20, fc.constantFrom(1, 2)),
}, { noNullPrototype: true });
