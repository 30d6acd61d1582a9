import { Stack, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { stacksReferredTo } from './account';
import type { AlternateContactProviderProps } from '../../alternate-contact-provider';
import { isImmutable } from '../role-policies';

type Props = AlternateContactProviderProps;

/** Each property as a text that is the same for two constructs that stand for the same thing. */
const IDENTITIES: { readonly [name in keyof Props]-?: (value: NonNullable<Props[name]>) => string } = {
  role: role => `${role.roleName}${isImmutable(role) ? ' (immutable)' : ''}`,
  logGroup: ({ logGroupName }) => logGroupName,
  logRetention: String,
  timeout: timeout => timeout.toIsoString(),
  memorySize: size => Tokenization.stringifyNumber(size),
  revision: String,
  vpc: ({ vpcId }) => vpcId,
  vpcSubnets: ({ subnets, ...selection }) => JSON.stringify({ ...selection, subnets: subnets?.map(({ subnetId }) => subnetId) }),
  securityGroups: groups => groups.map(({ securityGroupId }) => securityGroupId).join(),
};

const NAMES = Object.keys(IDENTITIES) as (keyof Props)[];

/** The provider that the contacts of a stack share, once it is there. */
export interface SharedProvider {
  /** The path of what it was created for. */
  readonly createdFor: string;
  /** The properties that it was created with. */
  readonly given: Props;
  /** The properties that it has: an injector may have changed those that were given, and the rest are defaults. */
  readonly effective: Props;
}

/**
 * Checks that the shared provider has these properties. Those that are left out may be anything.
 *
 * @throws Error that names those that differ, and says what to do
 */
export function requireSameProps(scope: IConstruct, { createdFor, given, effective }: SharedProvider, props: Props): void {
  const stack = Stack.of(scope);
  const differing = NAMES.filter(name => props[name] !== undefined
    && ![given, effective].some(existing => identityOf(stack, name, existing) === identityOf(stack, name, props)));
  if (differing.length === 0) { return; }
  throw new Error(`${scope.node.path}: the contacts of the stack share one provider, which was created for ${createdFor} with another `
    + `${differing.join(' and another ')}. Call AlternateContactProvider.getOrCreate() with all its properties before the first contact of the stack, and `
    + 'afterwards with the same or without any; or pass the contacts a provider of their own.');
}

/** Two stacks of one class have tokens that look the same, so the stacks that a token refers to count too. */
function identityOf(stack: Stack, name: keyof Props, props: Props): string | undefined {
  if (props[name] === undefined) { return undefined; }
  const identity = (IDENTITIES[name] as (value: unknown) => string)(props[name]);
  return JSON.stringify([stack.resolve(identity), ...stacksReferredTo(stack, identity).map(({ node }) => node.path)]);
}
