import { AccountApi } from './account-api';
import { Clock } from './clock';
import { CloudFormationApi } from './cloudformation-api';
import { CustomResources, type CustomResourceEvent, type CustomResourceOptions } from './custom-resource';
import type { Answer } from './custom-resource-answer';
import { type Call, Faults } from './faults';
import { Iam } from './iam';
import { type InvocationOutcome, Lambda, type LambdaOptions, type LogLine } from './lambda';
import { isCustom } from './operation';
import { Contacts, Organization, type OrganizationOptions } from './organization';
import type { Quotas } from './quotas';
import { resourceTypes } from './resource-types';
import { type DeployOptions, type DestroyOptions, type StackResult, Stacks } from './stacks';

export type { Answer } from './custom-resource-answer';
export type { CustomResourceEvent } from './custom-resource';
export type { Call, Fault, FaultKind, RandomFaults } from './faults';
export type { LogLine } from './lambda';
export type { Failures, Orphan } from './operation';
export type { Contact, ContactType } from './organization';
export type { Quotas } from './quotas';
export type { StackEvent } from './resource';
export type { DeployOptions, DestroyOptions, StackResult } from './stacks';
export { type Template, ValidationError } from './template';

export interface SandboxOptions extends OrganizationOptions, LambdaOptions, CustomResourceOptions {
  /**
   * Sandbox seconds per real second: scales every timer, also those inside the functions. The machine's own work is scaled too:
   * at 1000 a request that takes 2 ms has taken 2 seconds, so a function's Timeout / timeScale should stay above a real second.
   * @default 1
   */
  readonly timeScale?: number;
  /** Request rates of Account Management. @default 'none' */
  readonly quotas?: Quotas;
  /** A new or changed policy counts only after these seconds. @default 0 */
  readonly policyDelaySeconds?: number;
}

/** An embedded AWS: accounts with alternate contacts, IAM, Lambda and CloudFormation, for the demo and the tests. */
export class Sandbox {
  static async start(options: SandboxOptions): Promise<Sandbox> {
    const sandbox = new Sandbox(options);
    sandbox.lambda.endpoints = {
      account: await sandbox.accountApi.start(),
      cloudFormation: await sandbox.cloudFormationApi.start(),
      responsePort: await sandbox.customResources.start(),
    };
    return sandbox;
  }

  readonly clock: Clock;
  /** Who belongs to the organization; may be changed while the sandbox runs. */
  readonly organization: Organization;
  /** The stored contacts, read and written by hand. */
  readonly contacts: Contacts;
  /** What goes wrong. */
  readonly faults = new Faults();
  /** Every Account Management and CloudFormation call that functions made. */
  readonly calls: Call[] = [];
  readonly stacks: Stacks;
  private readonly lambda: Lambda;
  private readonly customResources: CustomResources;
  private readonly accountApi: AccountApi;
  private readonly cloudFormationApi: CloudFormationApi;

  private constructor(options: SandboxOptions) {
    this.clock = new Clock(options.timeScale ?? 1);
    this.organization = new Organization(options);
    this.contacts = new Contacts(this.clock, options.readDelaySeconds ?? 0);
    const iam = new Iam(this.clock, options.policyDelaySeconds ?? 0);
    this.lambda = new Lambda(this.clock, options);
    this.customResources = new CustomResources(this.clock, this.lambda, this.faults, options);
    const ordinary = resourceTypes(iam, this.lambda, this.organization);
    this.stacks = new Stacks(this.clock, type => isCustom(type) ? this.customResources : ordinary(type));
    this.accountApi = new AccountApi(this.clock, this.organization, this.contacts, iam, this.faults, this.calls,
      headers => this.lambda.callerOf(headers), options.quotas ?? 'none');
    this.cloudFormationApi = new CloudFormationApi(this.clock, this.stacks, iam, this.faults, this.calls,
      headers => this.lambda.callerOf(headers));
  }

  /** Every custom-resource event sent (once, also when it was delivered twice). */
  get events(): CustomResourceEvent[] {
    return this.customResources.events;
  }

  /** Every PUT to a ResponseURL. */
  get answers(): Answer[] {
    return this.customResources.answers;
  }

  /** Every breach of the custom-resource protocol. */
  get violations(): string[] {
    return this.answers.flatMap(answer => answer.violations.map(text => `${answer.event.RequestType} ${answer.event.LogicalResourceId}: ${text}`));
  }

  /** Every line that functions wrote. */
  get logs(): LogLine[] {
    return this.lambda.logs;
  }

  /** Creates or updates a stack and waits for the end of it. Throws ValidationError when CloudFormation refuses the call. */
  deploy(options: DeployOptions): Promise<StackResult> {
    return this.stacks.deploy(options);
  }

  destroy(options: DestroyOptions): Promise<StackResult> {
    return this.stacks.destroy(options);
  }

  /** Invokes a function by its ARN synchronously, as a person would from the console. */
  invoke(functionArn: string, event: object): Promise<InvocationOutcome> {
    return this.lambda.invoke(functionArn, event);
  }

  /** The environment of a function, for tests that run its handler in their own process. */
  environmentOf(functionArn: string): Record<string, string> {
    return this.lambda.environmentOf(functionArn);
  }

  /** Waits until no function runs or is about to be retried: the last answers and log lines are in. */
  idle(): Promise<void> {
    return this.lambda.idle();
  }

  /** Ends every process, server and timer. Operations under way never end: wait for them first. */
  async close(): Promise<void> {
    await this.lambda.close();
    await Promise.all([this.accountApi.close(), this.cloudFormationApi.close(), this.customResources.close()]);
    this.clock.close();
  }
}
