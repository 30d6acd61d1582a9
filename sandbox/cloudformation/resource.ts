import type { CustomResourceEvent } from './custom-resource-event';
import type { Properties, ResourceDefinition } from './template';

/** The stack that a resource belongs to. */
export interface StackIdentity {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** The logical ids of the nested stacks down to this one, each followed by a slash. Empty for a root. */
  readonly path: string;
}

/** Decides whether Lambda delivers an event a second time. `true`: immediately. A number: that many sandbox seconds later. */
type Duplicates = (event: CustomResourceEvent) => boolean | number;

export type Phase = 'Create' | 'Update' | 'Delete';

/** Which resources fail, and in which phase: immediately, or after some sandbox seconds, when siblings may be done. Not for custom resources. */
export type Failures = Record<string, Phase | { readonly phase: Phase; readonly afterSeconds?: number; readonly reason?: string }>;

/**
 * How a test changes an operation. A key that names a resource is its logical id, in any stack of the tree, or its path from the root:
 * `Nested/Inner/Thing`.
 */
export interface OperationOptions {
  /** How many sandbox seconds a resource takes. Ignored for custom resources. @default - none */
  readonly seconds?: Record<string, number>;
  readonly fail?: Failures;
  readonly duplicates?: Duplicates;
  /** The cloud assembly: code of functions and templates of nested stacks. */
  readonly assetDirectory?: string;
  /** The ids of the accounts that the stack creates, by resource. */
  readonly accountIds?: Record<string, string>;
  readonly disableRollback?: boolean;
}

/** A resource that a cleanup could not delete. */
export interface Orphan {
  readonly logicalId: string;
  readonly physicalId: string;
}

/** The value of an option for a resource. */
export function optionFor<T>(option: Record<string, T> | undefined, { stack, logicalId }: Change): T | undefined {
  return option?.[`${stack.path}${logicalId}`] ?? option?.[logicalId];
}

/** A request to a resource type: create, update or delete this resource. */
export interface Change extends OperationOptions {
  readonly stack: StackIdentity;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Properties;
  readonly oldProperties?: Properties;
  readonly physicalId?: string;
  /** Aborted when a sibling has failed and the engine stops waiting. */
  readonly cancelled: AbortSignal;
  /** Tells the engine the physical id before the creation is complete. */
  identify(physicalId: string): void;
}

/** The resource after a Create or an Update. If an Update changes the physical id, it has replaced the resource. */
export interface Made {
  readonly physicalId: string;
  readonly attributes: Record<string, unknown>;
}

export interface ResourceType {
  create(change: Change): Promise<Made>;
  update(change: Change): Promise<Made>;
  delete(change: Change): Promise<void>;
  /** Undoes an update. @default - updates to the old properties */
  rollBack?(change: Change): Promise<Made>;
  /** Deletes what an update or its rollback left inside the resource, once the whole tree has been updated or rolled back. */
  cleanUp?(change: Change): Promise<Orphan[]>;
}

/** A resource could not be created, updated or deleted. */
export class ResourceFailure extends Error {
  /** The id from a FAILED response. */
  readonly physicalId?: string;
  /** Whether the request reached the function or service. If not, there is nothing to roll back. */
  readonly reached: boolean;

  constructor(reason: string, details: { physicalId?: string; reached?: boolean } = {}) {
    super(reason);
    this.physicalId = details.physicalId;
    this.reached = details.reached ?? true;
  }
}

/** A resource of a stack, as CloudFormation remembers it. */
export interface ResourceState {
  readonly logicalId: string;
  readonly type: string;
  definition: ResourceDefinition;
  dependencies: string[];
  status: string;
  statusReason?: string;
  physicalId?: string;
  properties: Properties;
  attributes: Record<string, unknown>;
  updatedAt: number;
  /** Whether a request has reached the function or service. If not, no Delete is sent. */
  reached: boolean;
}

export interface StackEvent {
  /** Sandbox time in milliseconds. */
  readonly at: number;
  /** The stack in which it happened: the root or one of its nested stacks. */
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly physicalId?: string;
}

/** Whether a function provides the resource. */
export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}
