import { BACKENDS } from './account-backends';
import { exposed, externalAddresses, openServer, startMinistack } from './ministack';
import { Observation, StoryStack } from './stack';
import { Closers, closeWorkbench, openWorkbench, Workbench } from './workbench';
import { BY_HAND, REGION, STACK_NAME, STORY, stored } from '../../demo/story';
import { Result } from '../tools/processes';

/** The logical ids of the contacts, which follow from account and type. */
const SECURITY = 'AlternateContactSecurity';
const BILLING = 'AlternateContactBilling';
const OPERATIONS = 'AlternateContactOperations';
const [SHOP, DATA] = ['222222222222', '333333333333'];
/** The suffix for contacts of a provider other than the stack's. */
const PROVIDER = 'Provider16035D86';
/** The stack is deleted, and its log group with it. */
const UNSEEN = 'unseen';

/**
 * The events and actions of the functions in each chapter, in any order, as far as ministack shows them. A comment says where ministack differs from
 * AWS. Like AWS, it sends Updates only to changed resources, and undoes them in a rollback; 1.4.21 did not.
 *
 * From "fail" on, there are Deletes. AWS lists a resource under deletion as DELETE_IN_PROGRESS; in ministack, it keeps its last status, such as
 * UPDATE_COMPLETE, until it is gone. ministack also removes resources while the stack is still UPDATE_IN_PROGRESS, where AWS has
 * UPDATE_COMPLETE_CLEANUP_IN_PROGRESS. The function must not mistake the resource under deletion for another one that holds the contact.
 */
const EVENTS: { readonly [chapter: string]: string[] | typeof UNSEEN } = {
  deploy: [
    `Create ${BILLING}: put`, `Create ${SECURITY}: put`,
    `Create ${OPERATIONS}${SHOP}: put`, `Create ${SECURITY}${SHOP}: put`, `Create ${SECURITY}${DATA}: put`,
  ],
  edit: [`Update ${SECURITY}: put`, `Update ${SECURITY}${SHOP}: put`, `Update ${SECURITY}${DATA}: put`],
  rename: [],
  swap: [`Update ${OPERATIONS}${SHOP}: put`, `Update ${SECURITY}${SHOP}: put`],
  // AWS sends a Delete for the refused contact too, with the id of the function's response; ministack forgets a resource that it could not create.
  fail: [
    `Update ${BILLING}: put`, `Create ${OPERATIONS}: put`, `Create ${BILLING}${DATA}: put`, `Create ${BILLING}${SHOP}: failed`,
    `Update ${BILLING}: put`, `Delete ${OPERATIONS}: deleted`, `Delete ${BILLING}${DATA}: kept`,
  ],
  remove: [`Delete ${OPERATIONS}${SHOP}: deleted`],
  // For a moment, two resources mean the same contact: the new one is created before the old one is deleted.
  provider: [`Create ${SECURITY}${DATA}${PROVIDER}: put`, `Delete ${SECURITY}${DATA}: kept`],
  destroy: UNSEEN,
  refused: UNSEEN,
  correct: [`Create ${BILLING}: put`, `Create ${BILLING}${DATA}: put`],
};

/** The chapter whose app the stack is destroyed with: the one before it is destroyed. */
const LAST_APP = STORY[STORY.findIndex(({ declare }) => !declare) - 1].id;

/** The personal values, which no log may contain. */
const VALUES = [...new Set([BY_HAND, ...STORY.map(({ contacts }) => contacts)].flatMap(contacts =>
  Object.values(stored(contacts)).flatMap(({ AlternateContactType, ...values }) => Object.values(values))))];

/**
 * Has the real CDK CLI take the stack of the story through its chapters, on ministack (CloudFormation, IAM, Lambda and its logs), and reads the
 * contacts with boto3.
 *
 * @param backend the server of the Account Management API
 */
export function verifyStory(backend: keyof typeof BACKENDS): void {
  const closers: Closers = [];
  let workbench: Workbench;
  let urls: string[];
  let stack: StoryStack;
  beforeAll(async () => {
    workbench = await openWorkbench(REGION);
    const account = await BACKENDS[backend](workbench);
    closers.push(() => account.close());
    const engine = await startMinistack(workbench, account);
    urls = [engine, account.url];
    stack = new StoryStack(workbench, engine, account);
    await stack.putByHand(stored(BY_HAND));
  });
  afterAll(() => closeWorkbench(workbench, closers));

  verifyExposure(() => urls);

  describe.each(STORY)('$title', ({ id, declare, status, contacts }) => {
    let result: Result;
    let seen: Observation;
    beforeAll(async () => {
      result = await (declare ? stack.cdk(id, 'deploy', '--require-approval', 'never') : stack.cdk(LAST_APP, 'destroy', '--force'));
      seen = await stack.observe();
    });

    test(`the CDK CLI leaves the stack ${status}`, () => {
      const code = Number(status.includes('ROLLBACK'));
      expect({ code: result.code, output: result.code === code ? '' : result.output }).toEqual({ code, output: '' });
      // It is the only stack: a bootstrap would have created another one.
      expect(seen.stacks).toEqual(declare ? { [STACK_NAME]: status } : {});
    });

    test('the accounts have the contacts of the story', () => {
      expect(seen.contacts).toEqual(stored(contacts));
    });

    const events = EVENTS[id];
    if (!events) { throw new Error(`EVENTS has no chapter ${id}`); }
    if (events !== UNSEEN) {
      test('the functions make only the expected changes', () => expect(seen.events).toEqual([...events].sort()));
      test('the logs of the functions contain nothing personal', () => {
        expect(seen.logs.length).toBeGreaterThan(0);
        expect(seen.logs.filter(line => VALUES.some(value => line.includes(value)))).toEqual([]);
      });
    }

    if (id === 'deploy') {
      test('cdk diff --fail finds nothing', async () => {
        const { code, output } = await stack.cdk(id, 'diff', '--fail');
        expect({ code, output: code ? output : '' }).toEqual({ code: 0, output: '' });
      });
    }
  });
}

/** Tests that other machines cannot reach the servers, and that a server on every interface would be noticed. */
export function verifyExposure(urls: () => string[]): void {
  const isReachable = externalAddresses().length > 0;
  const reason = isReachable ? '' : ': not run, because no other machine can reach this one';
  (isReachable ? test : test.skip)(`only this machine reaches the servers${reason}`, async () => {
    expect(urls().length).toBeGreaterThan(0);
    expect((await Promise.all(urls().map(exposed))).flat()).toEqual([]);
    const { url, close } = await openServer();
    expect((await exposed(url)).length).toBeGreaterThan(0);
    close();
  });
}
