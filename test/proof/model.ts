/**
 * What the proof varies: apps that declare contacts, how they change from one deployment to the next, and what goes wrong meanwhile. It knows
 * nothing of how any system declares or sets a contact.
 */
import * as fc from 'fast-check';

export const OWN = '111111111111';
export const MEMBERS = ['222222222222', '333333333333'];
export const TYPES = ['BILLING', 'OPERATIONS', 'SECURITY'] as const;
export type ContactType = typeof TYPES[number];

/** The stacks, and the account that each is deployed to. */
export const STACKS = { One: OWN, Two: OWN, Member: MEMBERS[0] } as const;
export type StackName = keyof typeof STACKS;

/** The parameters that hold an account's id. Their values change, too. */
export const PARAMETERS = ['AccountX', 'AccountY'] as const;
export type Parameter = typeof PARAMETERS[number];

/** One contact, as an app declares it. */
export interface Declaration {
  readonly stack: StackName;
  /** The path of the construct: this is what renaming and moving change. */
  readonly path: string;
  /** How the account is named: left out, by its digits, or by a parameter. */
  readonly account: { readonly as: 'omitted' } | { readonly as: 'literal'; readonly id: string } | { readonly as: 'token'; readonly parameter: Parameter };
  readonly type: ContactType;
  /** Stands for a name, a title, an e-mail address and a phone number. */
  readonly values: number;
  readonly retain: boolean;
  readonly overwriteExisting: boolean;
  readonly provider: 'default' | 'P' | 'Q';
}

/** An app: what is declared, and the values of the parameters. */
export interface Model {
  readonly declarations: Declaration[];
  readonly parameters: Record<Parameter, string>;
}

export const EMPTY: Model = { declarations: [], parameters: { AccountX: MEMBERS[0], AccountY: MEMBERS[1] } };

/** The account that a declaration really means. */
export function accountOf({ account, stack }: Declaration, { parameters }: Model): string {
  return account.as === 'omitted' ? STACKS[stack] : account.as === 'literal' ? account.id : parameters[account.parameter];
}

/** `222222222222/SECURITY` */
export function keyOf(declaration: Declaration, model: Model): string {
  return `${accountOf(declaration, model)}/${declaration.type}`;
}

/** A change of the app. Indices count modulo what there is. */
export type Edit =
  | { readonly edit: 'add'; readonly declaration: Omit<Declaration, 'path' | 'values'> }
  | { readonly edit: 'remove' | 'values' | 'rename' | 'move' | 'retain' | 'overwrite'; readonly at: number }
  | { readonly edit: 'type'; readonly at: number; readonly type: ContactType }
  | { readonly edit: 'account'; readonly at: number; readonly account: Declaration['account'] }
  | { readonly edit: 'provider'; readonly at: number; readonly provider: Declaration['provider'] }
  | { readonly edit: 'swapTypes' | 'swapPaths'; readonly at: number; readonly with: number }
  | { readonly edit: 'swapParameters' }
  | { readonly edit: 'clear' };

/** What somebody does to an account without telling anybody. */
export interface ByHand {
  readonly account: string;
  readonly type: ContactType;
  readonly action: 'put' | 'delete';
}

/** One deployment of the app, and what goes wrong in it. */
export interface Step {
  readonly edits: Edit[];
  readonly byHand: ByHand[];
  /** Another resource of each stack fails: at the same time as the contacts are set, or after them. */
  readonly sibling?: 'meanwhile' | 'afterwards';
  /** The service refuses one put of a contact of this type. */
  readonly refused?: ContactType;
  /** Calls that fail in passing: throttling, errors of the service, lost connections, refused answers. */
  readonly disturbances: ('429' | '500' | 'drop-before' | 'drop-after')[];
  /** Events are delivered twice: at once, or some seconds later. */
  readonly duplicates?: 'at once' | 'later';
}

/** Makes the next app from the last. `serial` makes values and names that were not there before. */
export function apply(model: Model, edits: Edit[], serial: () => number): Model {
  return edits.reduce((current, edit) => {
    const next = edited(current, edit, serial);
    return isDeployable(next) ? next : current;
  }, model);
}

function edited(model: Model, edit: Edit, serial: () => number): Model {
  const { declarations } = model;
  const change = (at: number, values: (declaration: Declaration) => Partial<Declaration>) => ({
    ...model,
    declarations: declarations.map((declaration, index) =>
      (index === at % declarations.length ? { ...declaration, ...values(declaration) } : declaration)),
  });
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
    case 'swapParameters': return { ...model, parameters: { AccountX: model.parameters.AccountY, AccountY: model.parameters.AccountX } };
    case 'clear': return { ...model, declarations: [] };
    case 'swapTypes': case 'swapPaths': {
      const [one, two] = [declarations[edit.at % declarations.length], declarations[edit.with % declarations.length]];
      if (!one || one === two) return model;
      const property = edit.edit === 'swapTypes' ? 'type' : 'path';
      return {
        ...model,
        declarations: declarations.map(declaration => (declaration === one ? { ...one, [property]: two[property] }
          : declaration === two ? { ...two, [property]: one[property] } : declaration)),
      };
    }
  }
}

/** An app that no user would expect to work is none: one contact declared twice in a stack, or a member that names another account. */
function isDeployable(model: Model): boolean {
  const keys = model.declarations.map(declaration => `${declaration.stack}/${keyOf(declaration, model)}`);
  const paths = model.declarations.map(declaration => `${declaration.stack}/${declaration.path}`);
  return new Set(keys).size === keys.length && new Set(paths).size === paths.length
    && model.declarations.every(declaration => declaration.stack !== 'Member' || accountOf(declaration, model) === STACKS.Member);
}

const account: fc.Arbitrary<Declaration['account']> = fc.oneof(
  fc.constant({ as: 'omitted' } as const),
  fc.constantFrom(OWN, ...MEMBERS).map(id => ({ as: 'literal', id }) as const),
  fc.constantFrom(...PARAMETERS).map(parameter => ({ as: 'token', parameter }) as const),
);
const type = fc.constantFrom(...TYPES);
const provider = fc.oneof({ weight: 3, arbitrary: fc.constant('default' as const) }, fc.constantFrom('P' as const, 'Q' as const));
const at = fc.nat(9);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      edit: fc.constant('add' as const),
      declaration: fc.record({
        stack: fc.oneof({ weight: 8, arbitrary: fc.constant('One' as const) }, fc.constantFrom('Two' as const, 'Member' as const)),
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
);
const rarely = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 4 });

/** Sequences of deployments. */
export const sequences: fc.Arbitrary<Step[]> = fc.array(fc.record({
  edits: fc.array(edit, { minLength: 1, maxLength: 5 }),
  byHand: fc.oneof<fc.Arbitrary<ByHand[]>[]>(fc.constant([]), fc.constant([]), fc.constant([]),
    fc.array(fc.record({ account: fc.constantFrom(OWN, ...MEMBERS), type, action: fc.constantFrom('put' as const, 'put' as const, 'delete' as const) }), { maxLength: 2 })),
  sibling: rarely(fc.constantFrom('meanwhile' as const, 'afterwards' as const, 'afterwards' as const)),
  refused: fc.option(type, { nil: undefined, freq: 8 }),
  disturbances: fc.oneof<fc.Arbitrary<Step['disturbances']>[]>(fc.constant([]), fc.constant([]), fc.subarray(['429', '500', 'drop-before', 'drop-after'] as const).map(list => [...list])),
  duplicates: rarely(fc.constantFrom('at once' as const, 'later' as const)),
}, { noNullPrototype: true }), { minLength: 2, maxLength: 6 });
