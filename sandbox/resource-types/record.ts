import { named, nameOf } from './named';
import type { ResourceType } from '../cloudformation/resource';
import { partitionOf } from '../core/endpoints';

/** A type that the sandbox does not model. Its attributes are invented from the physical id. */
export function record(): ResourceType {
  const NAMES = ['LogGroupName', 'Name', 'BucketName', 'QueueName', 'TopicName'];
  return named(change => nameOf(change, NAMES.find(name => change.properties[name] !== undefined) ?? 'Name'), ({ stack, type }, physicalId) => ({
    physicalId,
    attributes: new Proxy({}, {
      get: (_, attribute) => attribute === 'Arn'
        ? `arn:${partitionOf(stack.region)}:${type.split('::')[1].toLowerCase()}:${stack.region}:${stack.account}:${physicalId}`
        : typeof attribute === 'string' ? `${physicalId}.${attribute}` : undefined,
      has: () => true,
    }),
  }), () => undefined);
}
