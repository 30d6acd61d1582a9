import { asInput, Contacts, Engine, ExecutionOutcome, HandWritten } from './engine';
import { plant } from './missing-services';
import { Account, idsOf, NEW, ORGANIZATION, REFUSING, REGION } from './organization-setup';
import { Execution, Sandbox, VirtualClock } from '../../../sandbox';
import { OWN_ACCOUNT } from '../workbench';

/** The sandbox's interpreter, on a clock that jumps, with AWS's rules and quotas for the calls of the machine. */
export class SandboxEngine implements Engine {
  static async start(definition: string): Promise<SandboxEngine> {
    const [managementAccount, ...memberAccounts] = idsOf(ORGANIZATION.accounts);
    const clock = new VirtualClock();
    const sandbox = await Sandbox.start({
      clock, managementAccount, memberAccounts, quotas: 'documented', organizations: { emptyPageEvery: 1, rates: 'plausible' },
    });
    plant(sandbox.tree, ORGANIZATION);
    sandbox.iam.putRole(OWN_ACCOUNT, 'machine', {
      trust: { Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }] },
      inline: new Map(),
      managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    });
    const machineArn = sandbox.stepFunctions.put({
      account: OWN_ACCOUNT, region: REGION, name: 'sweep', roleArn: `arn:aws:iam::${OWN_ACCOUNT}:role/machine`, definition,
    });
    return new SandboxEngine(sandbox, clock, machineArn);
  }

  private refuses = true;

  private constructor(private readonly sandbox: Sandbox, private readonly clock: VirtualClock, private readonly machineArn: string) {
    for (const api of ['GetAlternateContact', 'PutAlternateContact']) {
      sandbox.faults.add({
        api,
        kind: 'error',
        status: 403,
        name: 'AccessDeniedException',
        message: 'You do not have permission to perform this operation.',
        times: Infinity,
        match: call => this.refuses && call.accountId === REFUSING,
      });
    }
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }

  async run(input: object): Promise<ExecutionOutcome> {
    return this.end(this.sandbox.stepFunctions.start(this.machineArn, input));
  }

  async outcomeOf(executionArn: string): Promise<ExecutionOutcome> {
    const execution = this.sandbox.stepFunctions.executions.find(({ identity }) => identity.arn === executionArn);
    if (!execution) { throw new Error(`There is no execution ${executionArn}`); }
    return this.end(execution);
  }

  async contacts(): Promise<Contacts> {
    return Object.fromEntries(idsOf([...ORGANIZATION.accounts, NEW]).flatMap(id =>
      this.sandbox.contacts.list(id).map(contact => [`${id}/${contact.AlternateContactType}`, contact])));
  }

  async putByHand(contacts: readonly HandWritten[]): Promise<void> {
    for (const contact of contacts) {
      this.sandbox.contacts.put(contact.id, asInput(contact));
    }
  }

  refuse(refuses: boolean): void {
    this.refuses = refuses;
  }

  createAccount({ id, unit }: Account): void {
    this.sandbox.tree.createAccount(id);
    if (unit) { this.sandbox.tree.moveAccount(id, unit); }
  }

  private async end(execution: Execution): Promise<ExecutionOutcome> {
    await this.clock.until(execution.ended);
    const { status, outcome, history } = execution;
    const events = history.map(({ type, details }) => ({ type, state: type.endsWith('Entered') ? String(details.name) : undefined }));
    return { status, ...outcome, events };
  }
}
