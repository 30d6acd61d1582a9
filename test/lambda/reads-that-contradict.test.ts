import { OTHER_VALUES, OWN, useHarness, VALUES } from './harness';

/* Replicas answer reads: one may be behind another that was asked before it. */
const harness = useHarness();
const EXISTING = { AlternateContactType: 'SECURITY', ...OTHER_VALUES } as const;
const PUT = { AlternateContactType: 'SECURITY', ...VALUES } as const;
/** Creates the contact, with the reads that replicas answer, and returns its id. */
const create = async (...reads: (typeof EXISTING | typeof PUT | undefined)[]) => {
  const read = jest.spyOn(harness.sandbox.contacts, 'read');
  for (const contact of reads) { read.mockReturnValueOnce(contact); }
  const { PhysicalResourceId } = await harness.deliver({ RequestType: 'Create' });
  expect(read).toHaveBeenCalledTimes(reads.length);
  return PhysicalResourceId;
};

test('a contact that was seen before the put is taken over, although a later read shows none', async () => {
  expect(await create(EXISTING, undefined)).toBe(`${OWN}/SECURITY/took-over`);
});

test('a contact that is first seen after the put is taken over', async () => {
  expect(await create(undefined, undefined, EXISTING)).toBe(`${OWN}/SECURITY/took-over`);
});

test('a contact that no read shows is not taken over', async () => {
  expect(await create(undefined, undefined, PUT)).toBe(`${OWN}/SECURITY`);
});
