/**
 * Runs a sequence of deployments of one system in the sandbox, and looks for what must not happen:
 *
 * 1. After a deployment that succeeds, every declared contact is on its account as declared, every contact that left the app is gone unless
 *    it is retained, and nothing else has been touched.
 * 2. After one that fails, no contact that was there is missing, those of the rolled-back template have its values, and no new one is left.
 * 3. No contact that is declared before and after a successful deployment is deleted in between.
 * 4. Every event is answered within the protocol, and nothing personal is in a log, an answer or an id.
 */
import { App, BootstraplessSynthesizer, CfnParameter, CfnResource, DefaultStackSynthesizer, Stack } from 'aws-cdk-lib';
import { apply, Declaration, EMPTY, keyOf, MEMBERS, Model, OWN, PARAMETERS, StackName, STACKS, Step } from './model';
import { contactValues, PERSONAL, System } from './systems';
import { Sandbox, StackResult, Template } from '../../sandbox';

export type Fault = 'lost' | 'left behind' | 'wrong values' | 'touched' | 'missing meanwhile' | 'failed without cause' | 'stuck' | 'orphaned'
| 'protocol' | 'personal data';

/** The corners that the README's limits name: CloudFormation gives no handler the means to do better. */
export type Corner = 'two stacks' | 'in flight' | 'new resource, rolled back' | 'delivered twice';

export interface Finding {
  readonly fault: Fault;
  readonly step: number;
  readonly text: string;
  /** Set where a limit that is named explains it. */
  readonly corner?: Corner;
}

export interface Run {
  readonly findings: Finding[];
  readonly deployments: number;
  readonly calls: number;
}

/** What a stack declares, with the contact that each declaration means. */
type Declared = Map<string, Declaration>;
type Snapshot = Map<string, string>;

/** Runs one sequence on a system. */
export async function run(system: System, steps: Step[], { seed = 1, policyDelaySeconds = 3 } = {}): Promise<Run> {
  const sandbox = await Sandbox.start({
    managementAccount: OWN,
    memberAccounts: MEMBERS,
    timeScale: 100,
    reuseProcesses: true,
    policyDelaySeconds,
    responseUrl: system.name === 'AwsCustomResource' ? 's3' : 'http',
  });
  const proof = new Proof(sandbox, system);
  try {
    for (const [index, step] of steps.entries()) {
      await proof.take(index, step, seed);
    }
    await proof.checkTalk(steps.length - 1);
    return { findings: proof.findings, deployments: proof.deployments, calls: sandbox.calls.length };
  } finally {
    await sandbox.idle();
    await sandbox.close();
  }
}

class Proof {
  public readonly findings: Finding[] = [];
  public deployments = 0;
  private model: Model = EMPTY;
  /** What each stack's last successful template declares. */
  private readonly deployed = new Map<StackName, Declared>();
  private serial = 0;
  private step = 0;

  constructor(private readonly sandbox: Sandbox, private readonly system: System) {}

  public async take(index: number, step: Step, seed: number): Promise<void> {
    this.step = index;
    for (const { account, type, action } of step.byHand) {
      if (action === 'delete') this.sandbox.contacts.delete(account, type);
      else this.sandbox.contacts.put(account, { AlternateContactType: type, ...contactValues(this.serial += 1) });
    }
    this.model = apply(this.model, step.edits, () => (this.serial += 1));
    this.disturb(step, seed + index);
    for (const stack of Object.keys(STACKS) as StackName[]) {
      await this.deploy(stack, step);
    }
    this.sandbox.faults.clear();
  }

  private disturb({ refused, disturbances }: Step, seed: number): void {
    this.sandbox.faults.clear();
    if (refused) {
      this.sandbox.faults.add({
        api: 'PutAlternateContact', kind: 'error', status: 400, name: 'ValidationException', message: 'no', times: 1, match: call => call.contactType === refused,
      });
    }
    if (disturbances.length > 0) {
      this.sandbox.faults.addRandom({ seed, probability: 0.3, kinds: disturbances });
      this.sandbox.faults.addRandom({ seed, probability: 0.3, kinds: ['500', 'drop'], api: 'ResponseURL' });
    }
  }

  /** Deploys what the model declares in one stack, and judges what came of it. */
  private async deploy(name: StackName, step: Step): Promise<void> {
    const before = this.deployed.get(name);
    const after: Declared = new Map(this.model.declarations.filter(({ stack }) => stack === name)
      .map(declaration => [keyOf(declaration, this.model), declaration]));
    if (!before && after.size === 0) return;

    const account = STACKS[name];
    const snapshot = this.snapshot();
    const calls = this.sandbox.calls.length;
    const duplicates = step.duplicates && (() => (step.duplicates === 'at once' ? true : 20));
    this.deployments += 1;
    let result: StackResult;
    if (after.size === 0) {
      result = await this.sandbox.destroy({ stackName: name, account, duplicates });
    } else {
      const { template, directory } = this.synthesize(name, [...after.values()], step);
      result = await this.sandbox.deploy({
        stackName: name,
        account,
        template,
        duplicates,
        assetDirectory: directory,
        parameters: this.model.parameters,
        fail: step.sibling && { Sibling: { phase: before ? 'Update' : 'Create', afterSeconds: step.sibling === 'meanwhile' ? 0.5 : 0 } },
      });
    }
    await this.sandbox.idle();
    this.judge(name, result, before ?? new Map(), after, snapshot, step, calls);

    if (result.status === 'DELETE_COMPLETE') this.deployed.delete(name);
    else if (isSuccess(result)) this.deployed.set(name, after);
    // A stack that could not be created can only be deleted; one that is stuck needs somebody to help.
    if (/^ROLLBACK_|FAILED/.test(result.status)) {
      if (result.status.endsWith('FAILED') && !isRefused(step, before ?? new Map(), after)) this.found('stuck', `${name} is in ${result.status}: ${result.reason}`);
      this.deployed.delete(name);
      this.sandbox.faults.clear();
      const { status } = await this.sandbox.destroy({ stackName: name, account });
      if (status !== 'DELETE_COMPLETE') this.sandbox.stacks.forget(name, account, 'us-east-1');
      this.disturb(step, this.step);
    }
  }

  private judge(name: StackName, result: StackResult, before: Declared, after: Declared, was: Snapshot, step: Step, firstCall: number): void {
    const is = this.snapshot();
    const cornerOf = this.corners(name, result, before, after, step);
    const found = (fault: Fault, key: string) => this.found(fault, `${key} in ${name}, ${result.status}: was ${was.get(key)}, is ${is.get(key)}`, cornerOf(fault, key));
    const success = isSuccess(result);
    for (const { logicalId } of result.orphans) this.found('orphaned', `${logicalId} of ${name}`);
    if (!success && !this.hasCause(step, before, after, was)) this.found('failed without cause', `${name}: ${result.reason}`);

    for (const key of new Set([...was.keys(), ...is.keys(), ...before.keys(), ...after.keys()])) {
      const [declaredBefore, declaredAfter] = [before.get(key), after.get(key)];
      const wasThere = was.get(key);
      const isThere = is.get(key);
      if (success && declaredAfter) {
        // A template without a change is not deployed: what was done by hand meanwhile stays.
        const isUnchanged = declaredBefore && JSON.stringify(meaning(declaredBefore)) === JSON.stringify(meaning(declaredAfter));
        const untouched = isUnchanged && isThere === wasThere;
        if (isThere !== textOf(declaredAfter) && !untouched) found(isThere ? 'wrong values' : 'lost', key);
      } else if (success && declaredBefore) {
        const isElsewhere = [...this.deployed].some(([stack, declared]) => stack !== name && declared.has(key));
        if (isElsewhere ? !isThere : declaredBefore.retain ? isThere !== wasThere : isThere) found(isThere ? 'left behind' : 'lost', key);
      } else if (success || (!declaredBefore && !declaredAfter)) {
        if (isThere !== wasThere) found('touched', key);
      } else {
        if (wasThere && !isThere) found('lost', key);
        if (!wasThere && isThere && !(declaredBefore || declaredAfter?.retain)) found('left behind', key);
        if (declaredBefore && isThere && isThere !== wasThere && isThere !== textOf(declaredBefore)) found('wrong values', key);
      }
    }
    if (!success) return;
    for (const { api, outcome, targetAccount, contactType } of this.sandbox.calls.slice(firstCall)) {
      const key = `${targetAccount}/${contactType}`;
      if (api === 'DeleteAlternateContact' && ['ok', 'drop-after'].includes(outcome) && before.has(key) && after.has(key)) found('missing meanwhile', key);
    }
  }

  /** Whether a deployment may fail: something was made to, or a contact that must not be overwritten was there. */
  private hasCause(step: Step, before: Declared, after: Declared, was: Snapshot): boolean {
    return step.sibling !== undefined || isRefused(step, before, after)
      || [...after].some(([key, declaration]) =>
        !declaration.overwriteExisting && !before.has(key) && was.has(key) && was.get(key) !== textOf(declaration));
  }

  /** Which of the named limits explains a fault, if one does. */
  private corners(
    name: StackName, result: StackResult, before: Declared, after: Declared, step: Step,
  ): (fault: Fault, key: string) => Corner | undefined {
    const elsewhere = [...this.deployed].filter(([stack]) => stack !== name).flatMap(([, declared]) => [...declared.keys()]);
    const future = this.model.declarations.filter(({ stack }) => stack !== name).map(declaration => keyOf(declaration, this.model));
    const cancelled = result.events.some(({ reason = '' }) => /Resource (creation|update) cancelled/.test(reason));
    const rolledBack = !isSuccess(result);
    return (fault, key) => {
      if ([...elsewhere, ...future].includes(key)) return 'two stacks';
      if (cancelled && (fault === 'left behind' || fault === 'wrong values')) return 'in flight';
      const [one, other] = [before.get(key), after.get(key)];
      const isNewResource = one && other && JSON.stringify([one.account, one.provider]) !== JSON.stringify([other.account, other.provider]);
      if (rolledBack && fault === 'wrong values' && isNewResource) return 'new resource, rolled back';
      if (rolledBack && fault === 'left behind' && (step.duplicates || step.disturbances.length > 0)) return 'delivered twice';
      // The second delivery of an Update is done, or still tried, after the rollback has set the old values.
      if (rolledBack && fault === 'wrong values' && step.duplicates) return 'delivered twice';
      return undefined;
    };
  }

  /** Looks at what was said: events, answers, logs and ids. */
  public async checkTalk(step: number): Promise<void> {
    this.step = step;
    await this.sandbox.idle();
    for (const violation of this.sandbox.violations) this.found('protocol', violation);
    const said = [...this.sandbox.logs.map(({ line }) => line), ...this.sandbox.answers.map(({ raw }) => raw)];
    for (const text of said.filter(line => PERSONAL.test(line)).slice(0, 1)) this.found('personal data', text.slice(0, 500));
    const answered = new Set(this.sandbox.answers.filter(({ httpStatus }) => httpStatus === 200).map(({ requestId }) => requestId));
    const unanswered = this.sandbox.events.filter(({ RequestId }) => !answered.has(RequestId));
    for (const { RequestType, LogicalResourceId } of unanswered) this.found('protocol', `${RequestType} of ${LogicalResourceId} was not answered`);
  }

  private synthesize(name: StackName, declarations: Declaration[], step: Step): { template: Template; directory: string } {
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(app, name, {
      env: { account: STACKS[name], region: 'us-east-1' },
      synthesizer: this.system.name === 'AwsCustomResource' ? new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) : new BootstraplessSynthesizer(),
    });
    for (const parameter of PARAMETERS) new CfnParameter(stack, parameter, { default: '' });
    for (const declaration of declarations) this.system.declare(stack, declaration, id => stack.node.findChild(id) as CfnParameter);
    const sibling = new CfnResource(stack, 'Sibling', { type: 'AWS::SSM::Parameter', properties: { Type: 'String', Value: step.sibling ? `fails${this.step}` : 'stays' } });
    if (step.sibling === 'afterwards') sibling.node.addDependency(...stack.node.children.filter(child => child !== sibling && !CfnParameter.isCfnElement(child)));
    const assembly = app.synth();
    const template = assembly.getStackByName(name).template as Template;
    this.system.transform?.(template);
    return { template, directory: assembly.directory };
  }

  private snapshot(): Snapshot {
    return new Map([OWN, ...MEMBERS].flatMap(account => this.sandbox.contacts.list(account)
      .map(contact => [`${account}/${contact.AlternateContactType}`, contact.Name] as const)));
  }

  private found(fault: Fault, text: string, corner?: Corner): void {
    this.findings.push({ fault, step: this.step, text, corner });
  }
}

/** The whole contact is put at once: its name tells all of its values. */
function textOf(declaration: Declaration): string {
  return contactValues(declaration.values).Name;
}

/** Whether the put that the service refuses may have been one of these. It may be one of the rollback, and then nothing helps. */
function isRefused({ refused }: Step, before: Declared, after: Declared): boolean {
  return [...before.values(), ...after.values()].some(({ type }) => type === refused);
}

/** What of a declaration reaches the template as a property: the own account named by its id is the own account. */
function meaning({ path: _path, retain: _retain, stack, account, ...rest }: Declaration): object {
  return { ...rest, account: account.as === 'literal' && account.id === STACKS[stack] ? { as: 'omitted' } : account };
}

/** An update that changes nothing is none: what the last success declared counts. */
function isSuccess({ status, reason }: StackResult): boolean {
  return /^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(status) || reason === 'No updates are to be performed.';
}
