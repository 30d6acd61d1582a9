import { asInput, idsOf, Contacts as Held, Engine, HandWritten, ExecutionOutcome } from './engine';
import { plant } from './missing-services';
import { Account, REFUSING, REGION, ORGANIZATION } from './organization-setup';
import { AccountApi } from '../../../sandbox/account/api';
import { CONTACT_TYPES, ContactStore } from '../../../sandbox/account/contacts';
import { accountManagement } from '../../../sandbox/account/integration';
import { Traffic } from '../../../sandbox/core/traffic';
import { VirtualClock } from '../../../sandbox/core/virtual-clock';
import { Iam } from '../../../sandbox/iam/service';
import { OrganizationsApi } from '../../../sandbox/organizations/api';
import type { OrganizationTree } from '../../../sandbox/organizations/tree';
import type { Execution } from '../../../sandbox/step-functions/execution';
import { StepFunctions } from '../../../sandbox/step-functions/service';
import { OWN_ACCOUNT } from '../workbench';

/** This project's own interpreter, on its clock that jumps, with AWS's rules and quotas on the calls that the machine makes. */
export class SandboxEngine implements Engine {
  private readonly clock = new VirtualClock();
  private readonly traffic = new Traffic(this.clock);
  private readonly store = new ContactStore(this.clock, 0);
  private readonly tree: OrganizationTree;
  private readonly stepFunctions: StepFunctions;
  private readonly machineArn: string;
  private refuses = true;

  constructor(definition: string) {
    this.tree = plant(this.clock, ORGANIZATION);
    const iam = new Iam(this.clock, 0);
    iam.putRole(OWN_ACCOUNT, 'machine', {
      trust: { Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }] },
      inline: new Map(),
      managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    });
    const account = new AccountApi(this.traffic, this.tree.organization, this.store, iam, () => undefined, { quotas: 'documented' });
    const organizations = new OrganizationsApi(this.traffic, this.tree, iam, { emptyPageEvery: 1, rates: 'plausible' });
    this.stepFunctions = new StepFunctions(this.clock, iam, [accountManagement(account), organizations]);
    this.machineArn = this.stepFunctions.put({
      account: OWN_ACCOUNT, region: REGION, name: 'sweep', roleArn: `arn:aws:iam::${OWN_ACCOUNT}:role/machine`, definition,
    });
    for (const api of ['GetAlternateContact', 'PutAlternateContact']) {
      this.traffic.faults.add({
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

  async run(input: object): Promise<ExecutionOutcome> {
    return this.end(this.stepFunctions.start(this.machineArn, input));
  }

  async outcomeOf(executionArn: string): Promise<ExecutionOutcome> {
    const execution = this.stepFunctions.executions.find(({ identity }) => identity.arn === executionArn);
    if (!execution) { throw new Error(`There is no execution ${executionArn}`); }
    return this.end(execution);
  }

  async contacts(): Promise<Held> {
    return Object.fromEntries(idsOf(ORGANIZATION).flatMap(id => CONTACT_TYPES.flatMap(type => {
      const contact = this.store.get(id, type);
      return contact ? [[`${id}/${type}`, contact]] : [];
    })));
  }

  async putByHand(contacts: readonly HandWritten[]): Promise<void> {
    for (const contact of contacts) {
      this.store.put(contact.id, asInput(contact));
    }
  }

  refuse(refuses: boolean): void {
    this.refuses = refuses;
  }

  createAccount({ id, unit }: Account): void {
    this.tree.createAccount(id);
    if (unit) { this.tree.moveAccount(id, unit); }
  }

  private async end(execution: Execution): Promise<ExecutionOutcome> {
    await this.clock.until(execution.ended);
    const { status, outcome, history } = execution;
    const events = history.map(({ type, details }) => ({ type, state: type.endsWith('Entered') ? String(details.name) : undefined }));
    return { status, ...outcome, events };
  }
}
