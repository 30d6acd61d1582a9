import type { CustomResourceEvent } from './custom-resource';
import type { Properties, ResourceDefinition } from './template';

/** The stack that a resource belongs to. */
export interface StackIdentity {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
}

/** Makes the at-least-once delivery of an event visible: true for at once, or sandbox seconds until the second delivery. */
export type Duplicates = (event: CustomResourceEvent) => boolean | number;

/** What the engine asks a resource type to do. */
export interface Change {
  readonly stack: StackIdentity;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Properties;
  readonly oldProperties?: Properties;
  readonly physicalId?: string;
  /** The template's asset directory, for functions. */
  readonly assetDirectory?: string;
  /** Wanted ids of accounts that the stack creates, by logical id. */
  readonly accountIds?: Record<string, string>;
  readonly duplicates?: Duplicates;
  /** The engine no longer waits, because a sibling failed. */
  readonly cancelled: AbortSignal;
}

/** What exists afterwards. Another physical id than before means: replaced. */
export interface Made {
  readonly physicalId: string;
  readonly attributes: Record<string, unknown>;
}

export interface ResourceType {
  create(change: Change): Promise<Made>;
  update(change: Change): Promise<Made>;
  delete(change: Change): Promise<void>;
}

/** A resource could not be created, updated or deleted. */
export class ResourceFailure extends Error {
  /** The id from a FAILED answer. */
  readonly physicalId?: string;
  /** Whether whoever makes the resource was asked at all; if not, there is nothing to roll back. */
  readonly reached: boolean;

  constructor(reason: string, details: { physicalId?: string; reached?: boolean } = {}) {
    super(reason);
    this.physicalId = details.physicalId;
    this.reached = details.reached ?? true;
  }
}

/** What CloudFormation remembers of a resource. */
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
  /** False when whoever makes it was never asked: no Delete is due. */
  reached: boolean;
}

export interface StackEvent {
  /** Sandbox time in milliseconds. */
  readonly at: number;
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly physicalId?: string;
}
