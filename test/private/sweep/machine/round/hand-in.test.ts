import { ROUND_INPUT } from '../../../../../src/private/sweep/machine/round/hand-in';
import { evaluate, ids } from '../evaluate';

const handedIn = async (queue: string[], more: object = {}) => await evaluate(ROUND_INPUT, {
  queue, position: null, own: '111111111111', rates: { gets: 8, puts: 4 }, ...more,
}) as { readonly accounts: string[] };

test('the branches get the accounts of the round in the order of the queue, and what they need besides', async () => {
  expect(await handedIn(['222222222222 0.1.2'])).toEqual({
    accounts: ['222222222222 0.1.2'], queued: 1, position: null, own: '111111111111', rates: { gets: 8, puts: 4 },
  });
  expect(await handedIn([])).toMatchObject({ accounts: [], queued: 0 });
  const queue = ids(2_500).map(id => `${id} 0.1.2`);
  expect(await handedIn(queue)).toMatchObject({ accounts: queue.slice(0, 2_000), queued: 2_500 });
});

test('the largest round is handed over in less than 256 KiB', async () => {
  const queue = ids(6_000).map(id => `${id} 2000.2000.2000 12345678`);
  const input = await handedIn(queue, { position: { ids: ids(4_000), token: 't'.repeat(8_192), checkAccess: false } });
  expect(input.accounts).toHaveLength(2_000);
  expect(Buffer.byteLength(JSON.stringify(input))).toBeLessThan(262_144);
});
