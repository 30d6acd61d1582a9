import type { ResourceState, StackEvent, StackIdentity } from './resource';
import type { ResolvedTemplate, Template } from './template';
import type { Clock } from '../core/clock';

/** A template with its parameters. */
export interface Revision {
  readonly template: Template;
  readonly parameters: Record<string, string>;
  readonly resolved: ResolvedTemplate;
}

/** A stack, as CloudFormation remembers it. */
export class Stack implements StackIdentity {
  status = '';
  statusReason?: string;
  revision?: Revision;
  outputs: Record<string, string> = {};
  exports: string[] = [];
  readonly createdAt: number;
  updatedAt?: number;
  deletedAt?: number;
  /** The events of the stack's whole tree. */
  readonly events: StackEvent[];
  readonly parent?: Stack;
  /** The top of the tree: the stack itself, unless it is nested. */
  readonly root: Stack;
  readonly path: string;
  /** The resources of the stack. */
  readonly resources = new Map<string, ResourceState>();
  /** Called whenever the status of a stack in the tree changes. Set on the root only. */
  onStatus?: (stack: Stack) => void;
  /** The resources that the new template no longer has, until the cleanup has deleted them. */
  readonly leaving = new Set<ResourceState>();

  /** @param nested where a nested stack stands: its parent, and its logical id there */
  constructor(
    private readonly clock: Clock, readonly id: string, readonly name: string, readonly account: string, readonly region: string,
    nested?: { readonly parent: Stack; readonly logicalId: string },
  ) {
    this.createdAt = clock.now();
    this.parent = nested?.parent;
    this.root = nested?.parent.root ?? this;
    this.path = nested ? `${nested.parent.path}${nested.logicalId}/` : '';
    this.events = nested?.parent.events ?? [];
  }

  setStatus(status: string, reason?: string): void {
    this.status = status;
    this.statusReason = reason;
    this.events.push({
      at: this.clock.now(), stackName: this.name, logicalId: this.name, type: 'AWS::CloudFormation::Stack', status, reason, physicalId: this.id,
    });
    this.root.onStatus?.(this);
  }

  /** Changes a resource's status; every change is an event. */
  mark(state: ResourceState, status: string, reason?: string): void {
    Object.assign(state, { status, statusReason: reason, updatedAt: this.clock.now() });
    this.record(state, status, reason);
  }

  /** Records an event without changing the status of the resource. */
  record(state: ResourceState, status: string, reason?: string): void {
    const { logicalId, type, physicalId } = state;
    this.events.push({ at: this.clock.now(), stackName: this.name, logicalId, type, status, reason, physicalId });
  }
}
