import { ContactStore, StoredContact } from '../../../sandbox/account/contacts';
import { VirtualClock } from '../../../sandbox/core/virtual-clock';

const ACCOUNT = '111111111111';
const CONTACT: StoredContact = { AlternateContactType: 'SECURITY', Name: '', Title: 'On call', EmailAddress: 'team@example.com', PhoneNumber: '1' };

let clock: VirtualClock;
let store: ContactStore;
let replica: number;
const start = (delay: number | (() => number)) => {
  clock = new VirtualClock();
  store = new ContactStore(clock, delay, () => replica);
};
const put = (name: string, by: 'api' | 'hand' = 'api') => store.put(ACCOUNT, { ...CONTACT, Name: name }, by);
/** Reads from replicas with no delay, with half of it and with all of it. */
const read = () => [0, 0.5, 1].map(share => {
  replica = share;
  return store.read(ACCOUNT, 'SECURITY')?.Name;
});

test('each replica shows a write after its share of the delay', async () => {
  start(30);
  put('one');
  expect(read()).toEqual(['one', undefined, undefined]);
  await clock.advance(15);
  expect(read()).toEqual(['one', 'one', undefined]);
  await clock.advance(15);
  expect(read()).toEqual(['one', 'one', 'one']);
});

test('each replica shows the writes in their order, even if a later one has a shorter delay', async () => {
  const delays = [40, 10];
  start(() => delays.shift() ?? 0);
  put('one');
  await clock.advance(4);
  put('two');
  expect(read()).toEqual(['two', undefined, undefined]);
  await clock.advance(17);
  expect(read()).toEqual(['two', 'one', undefined]);
  await clock.advance(1);
  expect(read()).toEqual(['two', 'two', undefined]);
  await clock.advance(18);
  expect(read()).toEqual(['two', 'two', 'two']);
});

test('a replica may still show a deleted contact', async () => {
  start(30);
  put('one');
  await clock.advance(30);
  store.delete(ACCOUNT, 'SECURITY', 'api');
  expect(read()).toEqual([undefined, 'one', 'one']);
});

test('every replica shows changes by hand at once', () => {
  start(30);
  put('one');
  put('two', 'hand');
  expect(read()).toEqual(['two', 'two', 'two']);
});
