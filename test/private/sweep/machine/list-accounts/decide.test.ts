import type { AlternateContactSet } from '../../../../../src';
import { declare, type DeclaredTarget } from '../../../../../src/private/sweep/declaration';
import { decide, ENOUGH, MEMBERS, NOBODY_ANSWERS } from '../../../../../src/private/sweep/machine/list-accounts/decide';
import { RULES_BY_TARGET } from '../../../../../src/private/sweep/machine/list-accounts/read';
import { contact, EVERYONE } from '../../../../contacts';
import { evaluate, ids } from '../evaluate';
import { stateNamed } from '../states';

describe('an account', () => {
  const account = (more: object = {}) => ({
    Id: '222222222222',
    Arn: 'arn:aws:organizations::111111111111:account/o-sandbox0123/222222222222',
    State: 'ACTIVE',
    Paths: ['o-sandbox0123/r-ab12/ou-ab12-11111111/ou-ab12-22222222/222222222222/'],
    ...more,
  });
  const decideOn = async (targets: DeclaredTarget[], more: object = {}, named = false, everyone: AlternateContactSet = EVERYONE, needsPaths = true) =>
    evaluate(decide(needsPaths), {
      account: account(more),
      named,
      rules: await evaluate(RULES_BY_TARGET, { declared: declare(everyone, targets).rules }),
      order: { ownAccount: '111111111111' },
    });

  test('gets the contacts of every account if nothing else is declared', async () => {
    expect(await decideOn([])).toBe('set 222222222222 0.1.2 22222222');
  });

  test('gets each contact from the nearest target that names the type: account, unit, the units above, root, every account', async () => {
    const targets: DeclaredTarget[] = [
      { target: 'r-ab12', contacts: { billing: contact('root'), operations: contact('root'), security: contact('root') } },
      { target: 'ou-ab12-11111111', contacts: { billing: contact('upper'), operations: contact('upper') } },
      { target: 'ou-ab12-22222222', contacts: { billing: contact('lower') } },
    ];
    // 3 is root, 4 is upper, 5 is lower.
    expect(await decideOn(targets)).toBe('set 222222222222 5.4.3 22222222');
    expect(await decideOn([...targets, { target: '222222222222', contacts: { security: contact('lab') } }])).toBe('set 222222222222 5.4.6 22222222');
    expect(await decideOn(targets, { Paths: ['o-sandbox0123/r-ab12/'] })).toBe('set 222222222222 3.3.3 r-ab12');
    expect(await decideOn(targets, { Paths: ['o-sandbox0123/r-zz99/'] })).toBe('set 222222222222 0.1.2 r-zz99');
  });

  test('is left alone if it is excluded, or in a unit that is, however deep', async () => {
    for (const target of ['222222222222', 'ou-ab12-22222222', 'ou-ab12-11111111', 'r-ab12']) {
      expect(await decideOn([{ target }])).toBe('leftAlone 222222222222');
    }
    expect(await decideOn([{ target: 'ou-ab12-99999999' }])).toBe('set 222222222222 0.1.2 22222222');
  });

  test('gets the types of an override that is nearer than its exclusion', async () => {
    const targets: DeclaredTarget[] = [{ target: 'ou-ab12-11111111' }, { target: '222222222222', contacts: { security: contact('lab') } }];
    expect(await decideOn(targets)).toBe('set 222222222222 -.-.3 22222222');
  });

  test('is left alone if nothing is declared for it', async () => {
    expect(await decideOn([{ target: 'ou-ab12-99999999', contacts: { security: contact('lab') } }], {}, false, {})).toBe('leftAlone 222222222222');
  });

  test('is skipped if it is the management account and not the stack\'s, because nobody else can set its contacts', async () => {
    const management = { Id: '999999999999', Arn: 'arn:aws:organizations::999999999999:account/o-sandbox0123/999999999999' };
    expect(await decideOn([], management)).toBe('managementAccount 999999999999');
    expect(await decideOn([{ target: '999999999999' }], management)).toBe('leftAlone 999999999999');
    const own = { Id: '111111111111', Arn: 'arn:aws:organizations::111111111111:account/o-sandbox0123/111111111111' };
    expect(await decideOn([], own)).toBe('set 111111111111 0.1.2 22222222');
  });

  test.each(['SUSPENDED', 'PENDING_CLOSURE', 'CLOSED', 'PENDING_ACTIVATION'])('is not set while it is %s', async State => {
    expect(await decideOn([], { State })).toBe('notActive 222222222222');
  });

  test('is tried again if it is named and not active yet', async () => {
    expect(await decideOn([], { State: 'PENDING_ACTIVATION' }, true)).toBe('failed 222222222222 PENDING_ACTIVATION');
  });

  test('fails if its units matter and are missing, and otherwise needs none', async () => {
    expect(await decideOn([], { Paths: undefined })).toBe('failed 222222222222 PathMissing');
    expect(await decideOn([], { Paths: [] })).toBe('failed 222222222222 PathMissing');
    expect(await decideOn([], { Paths: undefined }, false, EVERYONE, false)).toBe('set 222222222222 0.1.2');
  });
});

describe('the members to probe', () => {
  const members = (checkAccess: boolean, set: string[], known: string[] = []) =>
    evaluate(MEMBERS, { checkAccess, members: known, decisions: { set }, order: { ownAccount: '111111111111' } });

  test('are accounts to set, and not the stack\'s account', async () => {
    expect(await members(true, ['111111111111 0.1.2', '222222222222 0.1.2'])).toEqual(['222222222222']);
  });

  test('are ten at most', async () => {
    expect(await members(true, ids(8, 8).map(id => `${id} 0.1.2`), ids(8))).toEqual(ids(10));
  });

  test('are none once one has answered', async () => {
    expect(await members(false, ['222222222222 0.1.2'], ['333333333333'])).toEqual([]);
  });
});

test.each([
  [true, true, 9, false],
  [true, true, 10, true],
  [true, false, 2, false],
  [true, false, 3, true],
  [false, true, 10, false],
  [false, false, 3, false],
])('with the probe going on: %j, more accounts to list: %j and %i refusals, nobody answers: %j', async (checkAccess, more, refusals, expected) => {
  expect(await evaluate(NOBODY_ANSWERS, { checkAccess, more, refusals })).toBe(expected);
});

describe('a child has listed enough', () => {
  const found = { requests: 3, order: { pages: 3, least: 20 }, toSet: ids(20), ids: null, checkAccess: false };
  const isEnough = (variables: object) => evaluate(ENOUGH, { ...found, ...variables });

  test('if it has listed its pages and found its accounts', async () => {
    expect(await isEnough({})).toBe(true);
    expect(await isEnough({ requests: 2 })).toBe(false);
    expect(await isEnough({ toSet: ids(19) })).toBe(false);
  });

  test('if it has looked up as many named accounts as it has pages, whatever it found', async () => {
    expect(await isEnough({ ids: ['222222222222'], toSet: [] })).toBe(true);
    expect(await isEnough({ ids: ['222222222222'], toSet: [], requests: 2 })).toBe(false);
  });

  test('only after the probe', async () => {
    expect(await isEnough({ checkAccess: true })).toBe(false);
  });
});

test('a child makes one request per second to list accounts, because all callers of the organization share that quota', () => {
  expect(stateNamed('Keep to one request per second')).toMatchObject({ Type: 'Wait', Seconds: 1 });
});
