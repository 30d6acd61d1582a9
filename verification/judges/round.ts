/*
 * Takes contacts through creation, update and deletion, with the functions on a given Node.js, and prints what happened.
 *
 *   tsx verification/judges/round.ts NODE
 */
import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { declareContacts } from '../../examples/organization/contacts';
import { Sandbox, Template } from '../../sandbox';
import { AlternateContacts } from '../../src';

const MANAGEMENT = '111111111111';
const MEMBERS = ['222222222222', '333333333333'];
const EDITED = { name: 'Night Shift', title: 'On call', emailAddress: 'night@example.com', phoneNumber: '+1 555 0199' };

interface Resource {
  readonly Properties?: { readonly Code?: { ZipFile: string } };
}

function synthesize(declare: (stack: Stack) => void): Template {
  const app = new App();
  const stack = new Stack(app, 'Contacts', { env: { account: MANAGEMENT, region: 'us-east-1' }, synthesizer: new BootstraplessSynthesizer() });
  declare(stack);
  const { Resources } = app.synth().getStackByName(stack.stackName).template as { readonly Resources: { readonly [id: string]: Resource } };
  for (const { Properties } of Object.values(Resources)) {
    // The function tells which Node.js it is run by.
    if (Properties?.Code) Properties.Code.ZipFile += "\n;process.stdout.write(process.version + '\\n');";
  }
  return { Resources } as Template;
}

async function main(): Promise<void> {
  const sandbox = await Sandbox.start({ managementAccount: MANAGEMENT, memberAccounts: MEMBERS, timeScale: 20, nodeBinary: process.argv[2] });
  try {
    const target = { stackName: 'Contacts', account: MANAGEMENT };
    const held = () => [MANAGEMENT, ...MEMBERS].flatMap(account => (['BILLING', 'OPERATIONS', 'SECURITY'] as const)
      .flatMap(type => sandbox.contacts.get(account, type)?.EmailAddress.replace(/^/, `${account} ${type} `) ?? []));
    const steps: { status: string; contacts: string[] }[] = [];
    for (const declare of [declareContacts, (stack: Stack) => void new AlternateContacts(stack, 'Management', { security: EDITED })]) {
      const { status } = await sandbox.deploy({ ...target, template: synthesize(declare) });
      steps.push({ status, contacts: held() });
      if (!['CREATE_COMPLETE', 'UPDATE_COMPLETE'].includes(status)) break;
    }
    const { status } = await sandbox.destroy(target);
    steps.push({ status, contacts: held() });
    await sandbox.idle();
    // Not what the SDK says about the end of Node.js 20.
    const complaints = sandbox.logs.map(({ line }) => line).filter(line => /DeprecationWarning|ExperimentalWarning|Error:/.test(line));
    const versions = [...new Set(sandbox.logs.map(({ line }) => line).filter(line => /^v\d+/.test(line)))];
    process.stdout.write(`\n${JSON.stringify({ steps, versions, violations: sandbox.violations, complaints })}\n`);
  } finally {
    await sandbox.close();
  }
}

void main();
