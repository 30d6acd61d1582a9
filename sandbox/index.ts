import { AccountApi } from './account/api';
import { type ContactOptions, ContactStore } from './account/contacts';
import { accountManagement } from './account/integration';
import { CloudFormationApi } from './cloudformation/api';
import { CustomResources, type CustomResourceOptions } from './cloudformation/custom-resource';
import type { CustomResourceEvent } from './cloudformation/custom-resource-event';
import type { ReceivedResponse } from './cloudformation/custom-resource-response';
import { CloudFormationIntegration } from './cloudformation/integration';
import { StackReader } from './cloudformation/reader';
import { StackRegistry } from './cloudformation/registry';
import { CloudFormation, type DeployOptions, type DestroyOptions, type StackResult } from './cloudformation/service';
import { CloudWatch } from './cloudwatch/metrics';
import type { CallerOf } from './core/caller';
import { Clock } from './core/clock';
import type { Call, Faults } from './core/faults';
import { cloudFormationBuckets, type QuotaOptions } from './core/quotas';
import { Traffic } from './core/traffic';
import { EventBridge, type EventBridgeOptions } from './events/event-bridge';
import { Scheduler } from './events/scheduler';
import { accountHappened, executionStatusChanged, stackStatusChanged } from './events/sources';
import { type Delivery, Targets } from './events/target';
import { Iam } from './iam/service';
import { LambdaApi } from './lambda/api';
import { Lambda, type LambdaOptions, type LogLine } from './lambda/service';
import { OrganizationsApi, type OrganizationsOptions } from './organizations/api';
import { Organization, type OrganizationOptions } from './organizations/organization';
import { OrganizationTree, type TreeOptions } from './organizations/tree';
import { resourceTypes } from './resource-types';
import { StepFunctions, type StepFunctionsOptions } from './step-functions/service';

export { VirtualClock } from './core/virtual-clock';
export type { Execution } from './step-functions/execution';
export type { CustomResourceEvent } from './cloudformation/custom-resource-event';
export type { Fault } from './core/faults';
export type { PolicyDocument } from './iam/policy';
export { CONTACT_TYPES, type ContactType, type StoredContact } from './account/contacts';
export type { Failures } from './cloudformation/resource';
export type { DeployOptions, DestroyOptions, StackResult } from './cloudformation/service';
export type { Template } from './cloudformation/template';

export interface SandboxOptions extends OrganizationOptions, ContactOptions, LambdaOptions, CustomResourceOptions, QuotaOptions {
  /**
   * Sandbox seconds per real second, also for timers inside the functions. The work of the machine is scaled, too: at 1000, a request that takes
   * 2 ms takes 2 sandbox seconds. So keep the Timeout of a function divided by timeScale above one second.
   * @default 1
   */
  readonly timeScale?: number;
  /** Another clock, such as a VirtualClock for stacks without functions. @default - a clock with the timeScale */
  readonly clock?: Clock;
  /** How long a new or changed policy takes to have effect, in seconds. @default 0 */
  readonly policyDelaySeconds?: number;
  /** @default {} */
  readonly organizations?: OrganizationsOptions & TreeOptions;
  /** @default {} */
  readonly stepFunctions?: StepFunctionsOptions;
  /** @default {} */
  readonly eventBridge?: EventBridgeOptions;
}

/** A local AWS for the demo and the tests: alternate contacts, Organizations, IAM, Lambda, CloudFormation, Step Functions and EventBridge. */
export class Sandbox {
  static async start(options: SandboxOptions): Promise<Sandbox> {
    const sandbox = new Sandbox(options);
    sandbox.lambda.endpoints = {
      account: await sandbox.accountApi.start(),
      cloudFormation: await sandbox.cloudFormationApi.start(),
      lambda: await sandbox.lambdaApi.start(),
      responses: await sandbox.customResources.start(),
    };
    return sandbox;
  }

  readonly clock: Clock;
  /** The accounts. They may be changed while the sandbox runs. */
  readonly organization: Organization;
  /** The stored contacts, to be read and set by hand. */
  readonly contacts: ContactStore;
  readonly stacks = new StackRegistry();
  /** The organizational units and the accounts in them. */
  readonly tree: OrganizationTree;
  readonly iam: Iam;
  readonly lambda: Lambda;
  readonly stepFunctions: StepFunctions;
  readonly eventBridge: EventBridge;
  /** The metrics that state machines put. */
  readonly cloudWatch: CloudWatch;
  private readonly traffic: Traffic;
  private readonly targets: Targets;
  private readonly customResources: CustomResources;
  private readonly cloudFormation: CloudFormation;
  private readonly accountApi: AccountApi;
  private readonly cloudFormationApi: CloudFormationApi;
  private readonly lambdaApi: LambdaApi;

  private constructor(options: SandboxOptions) {
    this.clock = options.clock ?? new Clock(options.timeScale ?? 1);
    this.traffic = new Traffic(this.clock);
    this.organization = new Organization(options, () => this.clock.now());
    this.contacts = new ContactStore(this.clock, options.readDelaySeconds ?? 0, options.readReplica);
    this.iam = new Iam(this.clock, options.policyDelaySeconds ?? 0, account => this.organization.policyOver(account));
    this.lambda = new Lambda(this.clock, options);
    this.lambdaApi = new LambdaApi(this.traffic, this.lambda, this.iam);
    this.customResources = new CustomResources(this.traffic, this.lambda, options);
    const callerOf: CallerOf = headers => this.lambda.callerOf(headers);
    this.accountApi = new AccountApi(this.traffic, this.organization, this.contacts, this.iam, callerOf, options);
    this.tree = new OrganizationTree(this.clock, this.organization, options.organizations);
    this.cloudWatch = new CloudWatch(this.traffic, this.iam);
    const stacks = new StackReader(this.stacks, this.iam, cloudFormationBuckets(this.clock, options));
    const organizations = new OrganizationsApi(this.traffic, this.tree, this.iam, options.organizations);
    this.stepFunctions = new StepFunctions(this.clock, this.iam, [
      accountManagement(this.accountApi), organizations, new CloudFormationIntegration(this.traffic, stacks), this.cloudWatch,
    ], options.stepFunctions);
    this.targets = new Targets(() => this.clock.now(), this.iam, this.stepFunctions);
    this.eventBridge = new EventBridge(this.clock, this.targets, options.eventBridge);
    this.stepFunctions.onStatusChange(execution => executionStatusChanged(this.eventBridge, execution));
    this.tree.onHappening(happening => accountHappened(this.eventBridge, this.tree, happening));
    const types = resourceTypes({
      iam: this.iam,
      lambda: this.lambda,
      contacts: this.contacts,
      organization: this.organization,
      stepFunctions: this.stepFunctions,
      eventBridge: this.eventBridge,
      customResources: this.customResources,
      scheduler: new Scheduler(this.clock, this.targets),
    });
    this.cloudFormation = new CloudFormation(this.clock, this.stacks, types, stack => stackStatusChanged(this.eventBridge, stack));
    this.cloudFormationApi = new CloudFormationApi(this.traffic, stacks, callerOf);
  }

  /** The faults to inject. */
  get faults(): Faults {
    return this.traffic.faults;
  }

  /** Every call of Account Management, Organizations, CloudFormation, CloudWatch and Lambda that functions and state machines made. */
  get calls(): Call[] {
    return this.traffic.calls;
  }

  /** Every custom-resource event. One that was delivered twice is here once. */
  get events(): CustomResourceEvent[] {
    return this.customResources.events;
  }

  /** The custom-resource events that Lambda delivered again because the function failed. */
  get redelivered(): CustomResourceEvent[] {
    return this.events.filter(event => this.lambda.redelivered.has(event));
  }

  /** Every PUT to a ResponseURL. */
  get responses(): ReceivedResponse[] {
    return this.customResources.responses;
  }

  /** Every violation of the custom-resource protocol. */
  get violations(): string[] {
    return this.responses.flatMap(({ event, violations }) => violations.map(text => `${event.RequestType} ${event.LogicalResourceId}: ${text}`));
  }

  /** The deliveries of rules and schedules, also those that failed. */
  get deliveries(): readonly Delivery[] {
    return this.targets.deliveries;
  }

  /** Every line that functions have written. */
  get logs(): LogLine[] {
    return this.lambda.logs;
  }

  /** The highest number of concurrent executions so far in any account and region. */
  get peakConcurrentExecutions(): number {
    return this.lambda.concurrency.peak;
  }

  /** Creates or updates a stack, and waits until it is done. Throws ValidationError if CloudFormation refuses the call. */
  deploy(options: DeployOptions): Promise<StackResult> {
    return this.cloudFormation.deploy(options);
  }

  destroy(options: DestroyOptions): Promise<StackResult> {
    return this.cloudFormation.destroy(options);
  }

  /** Returns the environment of a function, for a test that runs the handler in its own process. */
  environmentOf(functionArn: string): Record<string, string> {
    return this.lambda.environmentOf(functionArn);
  }

  /** Waits until no function runs or is about to be retried. The last responses and log lines have then arrived. */
  idle(): Promise<void> {
    return this.lambda.idle();
  }

  /** Ends every process, server and timer. Wait for operations first: those under way never end. */
  async close(): Promise<void> {
    await this.lambda.close();
    await Promise.all([this.accountApi.close(), this.cloudFormationApi.close(), this.lambdaApi.close(), this.customResources.close()]);
    this.clock.close();
  }
}
