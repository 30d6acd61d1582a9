import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { named, nameOf } from './named';
import { ResourceFailure, type ResourceType } from '../cloudformation/resource';
import type { Iam } from '../iam/service';
import type { Lambda } from '../lambda/service';

const MAX_INLINE_CODE = 4 * 1024 * 1024;

export function lambdaFunction(lambda: Lambda, iam: Iam): ResourceType {
  return named(change => nameOf(change, 'FunctionName'), (change, name) => {
    const { stack, properties, assetDirectory } = change;
    const code = properties.Code as { ZipFile?: string; S3Key?: string };
    const roleName = String(properties.Role).split('/').at(-1) ?? '';
    if (String(properties.Role).split(':')[4] !== stack.account) {
      throw new ResourceFailure('Cross-account pass role is not allowed.');
    }
    if (!iam.trusts(stack.account, roleName, 'lambda.amazonaws.com')) {
      throw new ResourceFailure('The role defined for the function cannot be assumed by Lambda.');
    }
    if (code.ZipFile !== undefined && Buffer.byteLength(code.ZipFile) > MAX_INLINE_CODE) {
      throw new ResourceFailure('Please provide inline code of at most 4 MB.');
    }
    const directory = join(assetDirectory ?? '', `asset.${code.S3Key?.replace(/^.*\//, '').replace(/\.zip$/, '')}`);
    if (code.ZipFile === undefined && !existsSync(directory)) {
      throw new ResourceFailure(`The sandbox finds no asset at ${directory}. Set assetDirectory to the cloud assembly.`);
    }
    const reserved = properties.ReservedConcurrentExecutions;
    const environment = (properties.Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};
    lambda.put({
      account: stack.account,
      region: stack.region,
      name,
      roleName,
      handler: String(properties.Handler),
      timeoutSeconds: Number(properties.Timeout ?? 3),
      reservedConcurrentExecutions: reserved === undefined ? undefined : Number(reserved),
      environment: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)])),
      code: code.ZipFile === undefined ? { directory } : { zipFile: code.ZipFile },
    });
    return { physicalId: name, attributes: { Arn: lambda.arnOf(stack.account, stack.region, name) } };
  }, ({ stack }, name) => lambda.remove(lambda.arnOf(stack.account, stack.region, name)));
}
