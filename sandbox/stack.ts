import type { Clock } from './clock';
import type { ResourceState, StackEvent, StackIdentity } from './resource';
import type { ResolvedTemplate, Template } from './template';

/** A stack as CloudFormation remembers it. */
export class Stack implements StackIdentity {
  status = '';
  statusReason?: string;
  template?: Template;
  resolved?: ResolvedTemplate;
  parameters: Record<string, string> = {};
  outputs: Record<string, string> = {};
  exports: string[] = [];
  readonly createdAt: number;
  readonly events: StackEvent[] = [];
  /** The resources of the stack. */
  readonly resources = new Map<string, ResourceState>();
  /** Resources that the new template no longer has, until the cleanup has deleted them. */
  readonly leaving = new Set<ResourceState>();

  constructor(private readonly clock: Clock, readonly id: string, readonly name: string, readonly account: string, readonly region: string) {
    this.createdAt = clock.now();
  }

  setStatus(status: string, reason?: string): void {
    this.status = status;
    this.statusReason = reason;
    this.events.push({
      at: this.clock.now(), logicalId: this.name, type: 'AWS::CloudFormation::Stack', status, reason, physicalId: this.id,
    });
  }

  /** Changes a resource's status; every change is an event. */
  mark(state: ResourceState, status: string, reason?: string): void {
    Object.assign(state, { status, statusReason: reason, updatedAt: this.clock.now() });
    this.record(state, status, reason);
  }

  /** An event that leaves the resource's own status alone: the old half of a replaced resource has only events. */
  record(state: ResourceState, status: string, reason?: string): void {
    const { logicalId, type, physicalId } = state;
    this.events.push({ at: this.clock.now(), logicalId, type, status, reason, physicalId });
  }
}
