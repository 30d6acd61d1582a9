import { CONTACTS, Details, MEMBER_ACCOUNT, OWN_ACCOUNT, Shape, STACK_NAME } from './shapes';
import { asStored, ExampleStack } from './stack';
import { check } from '../tools/checks';

type Held = { readonly [contact: string]: Details };

const OWN_SECURITY = `${OWN_ACCOUNT}/SECURITY`;
const OWN_BILLING = `${OWN_ACCOUNT}/BILLING`;
const MEMBER_SECURITY = `${MEMBER_ACCOUNT}/SECURITY`;
const MEMBER_BILLING = `${MEMBER_ACCOUNT}/BILLING`;

/** The logical ids of the contacts: they follow from account and type. */
const SECURITY = 'AlternateContactSecurity';
const BILLING = 'AlternateContactBilling';
const OPERATIONS = 'AlternateContactOperations';
const MEMBER = MEMBER_ACCOUNT;
/** What a provider other than the stack's own adds to them. */
const PROVIDER = 'Provider16035D86';

/** What is expected of a deployment. */
interface Expected {
  /** The contacts that boto3 reads afterwards. */
  readonly contacts: Held;
  readonly status: string;
  /** What the functions were asked and did, as their logs tell, in any order. @default - not checked */
  readonly events?: string[];
}

/**
 * Takes the stack from its first deployment to its end. A comment says where ministack is not like AWS. Like AWS it sends Updates
 * to changed resources only, and sends them back in a rollback; 1.4.21 did not.
 */
export async function live(stack: ExampleStack): Promise<void> {
  const { alice, aliceEdited, bob, carol, dave, erin } = CONTACTS;
  // Nobody declares this one, until a deployment takes it over.
  await stack.putByHand(MEMBER_ACCOUNT, 'BILLING', erin);
  const taken = { [MEMBER_BILLING]: dave };

  // What the function did in this one is not known: its log group went with the stack.
  await deploy(stack, 'failing', 'a first deployment that fails leaves nothing behind, and keeps the contact that it took over', {
    contacts: taken, status: 'ROLLBACK_COMPLETE',
  });

  await deploy(stack, 'initial', 'the accounts have the contacts of the app', {
    contacts: { ...taken, [OWN_SECURITY]: alice, [OWN_BILLING]: bob, [MEMBER_SECURITY]: carol },
    status: 'CREATE_COMPLETE',
    events: [`Create ${BILLING}: put`, `Create ${SECURITY}: put`, `Create ${SECURITY}${MEMBER}: put`],
  });
  const diff = await stack.cdk('initial', 'diff', '--fail');
  check('cdk diff --fail finds nothing', diff.code, 0);
  explain(diff.code === 0, diff.output);

  const edited = { ...taken, [OWN_SECURITY]: aliceEdited, [OWN_BILLING]: bob, [MEMBER_SECURITY]: carol };
  await deploy(stack, 'edited', 'the edited contact has changed, the others have not', {
    contacts: edited, status: 'UPDATE_COMPLETE', events: [`Update ${SECURITY}: put`],
  });
  await deploy(stack, 'renamed', 'renamed constructs keep their contacts', { contacts: edited, status: 'UPDATE_COMPLETE', events: [] });
  await deploy(stack, 'swapped', 'constructs that swap their types swap the contacts, and none is deleted', {
    contacts: { ...taken, [OWN_SECURITY]: bob, [OWN_BILLING]: aliceEdited, [MEMBER_SECURITY]: carol },
    status: 'UPDATE_COMPLETE',
    events: [`Update ${BILLING}: put`, `Update ${SECURITY}: put`],
  });

  // From here on there are Deletes. AWS lists the resource that is being deleted as DELETE_IN_PROGRESS; ministack leaves it its last status,
  // such as UPDATE_COMPLETE, until it is gone. It also removes resources while the stack is still UPDATE_IN_PROGRESS, where AWS says
  // UPDATE_COMPLETE_CLEANUP_IN_PROGRESS. The function must not take the resource that is being deleted for another that holds the contact.
  const removed = { ...taken, [OWN_BILLING]: aliceEdited, [MEMBER_SECURITY]: carol };
  await deploy(stack, 'removed', 'the contact that left the app is deleted, the others are not', {
    contacts: removed, status: 'UPDATE_COMPLETE', events: [`Delete ${SECURITY}: deleted`],
  });
  // AWS sends a Delete for the refused contact too, with the id that the function answered; ministack forgets what it could not create.
  await deploy(stack, 'failing', 'an update that fails is undone: what was edited is set back, what was created is deleted, and nothing else', {
    contacts: removed,
    status: 'UPDATE_ROLLBACK_COMPLETE',
    events: [
      `Update ${SECURITY}${MEMBER}: put`, `Create ${BILLING}${MEMBER}: put`, `Create ${OPERATIONS}: put`, `Create ${OPERATIONS}${MEMBER}: failed`,
      `Update ${SECURITY}${MEMBER}: put`, `Delete ${BILLING}${MEMBER}: kept`, `Delete ${OPERATIONS}: deleted`,
    ],
  });
  // Two resources mean the same contact for a moment: the new one is created before the old one is deleted.
  const { logs } = await deploy(stack, 'provider', 'a contact that changes its provider survives the deletion of its old resource', {
    contacts: removed,
    status: 'UPDATE_COMPLETE',
    events: [`Create ${SECURITY}${MEMBER}${PROVIDER}: put`, `Delete ${SECURITY}${MEMBER}: kept`],
  });
  const values = Object.values(CONTACTS).flatMap(details => Object.values(asStored(details)));
  check('the logs of the functions name nobody', logs.filter(line => values.some(value => line.includes(value))), []);

  const destroyed = await stack.cdk('provider', 'destroy', '--force');
  check('cdk destroy exits with 0', destroyed.code, 0);
  explain(destroyed.code === 0, destroyed.output);
  const { contacts, stacks } = await stack.observe();
  check('the stack is gone', stacks, {});
  check('its contacts are gone, and no other', contacts, stored(taken));
}

/** Deploys a shape, and checks how that ended. */
async function deploy(stack: ExampleStack, shape: Shape, what: string, expected: Expected): Promise<{ logs: string[] }> {
  const started = Date.now();
  const { code, output } = await stack.cdk(shape, 'deploy', '--require-approval', 'never');
  const { contacts, stacks, events, logs } = await stack.observe();
  console.log(`# ${shape} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
  const isFailure = expected.status.includes('ROLLBACK');
  check(`cdk deploy exits with ${Number(isFailure)}`, code, Number(isFailure));
  explain(code === Number(isFailure), output);
  // The only stack: there is none that a bootstrap would have made.
  check(`there is one stack, and it is ${expected.status}`, stacks, { [STACK_NAME]: expected.status });
  check(what, contacts, stored(expected.contacts));
  if (expected.events) check(`the functions did this and no more: ${expected.events.join(', ') || 'nothing'}`, events, [...expected.events].sort());
  return { logs };
}

function stored(held: Held): { readonly [contact: string]: { readonly [value: string]: string } } {
  return Object.fromEntries(Object.entries(held).map(([contact, details]) => [contact, asStored(details)]));
}

function explain(isExpected: boolean, output: string): void {
  if (!isExpected) console.log(output.trimEnd().replace(/^/gm, '  # '));
}
