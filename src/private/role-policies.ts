import { AspectPriority, Aspects, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { IRole, ManagedPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct, DependencyGroup, IConstruct } from 'constructs';
import { environmentOf } from './tree';
import { warn } from './warnings';

/*
 * The characters of statements that fit in a policy: IAM's limits, which do not count white space, less 100 for the frame of the document.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const INLINE_POLICY_SPACE = 10_240 - 100;
export const MANAGED_POLICY_SPACE = 6_144 - 100;

/** Set by `Role.customizeRoles()`: roles are created outside of the app, and what they need is reported. */
const CUSTOMIZE_ROLES = '@aws-cdk/iam:customizeRoles';
/** The CDK's name for its class of immutable roles, which it does not export. */
const IMMUTABLE_ROLE = 'aws-cdk-lib.aws-iam.ImmutableRole';

/** The role of a provider's function, and the policies that hold its permissions. */
export abstract class RolePolicies {
  public abstract readonly role: IRole;
  /** Policies that are not part of the role resource. They are created before the function and deleted after it. */
  public readonly dependencies = new DependencyGroup();

  protected document = new PolicyDocument();
  private managedPolicies = 0;

  constructor(protected readonly scope: Construct) {}

  /** Returns the characters that the first policy has left beside statements of this size. */
  public abstract spaceBeside(fixedStatements: number): number;

  /** Begins a policy for the statements that follow. */
  public beginPolicy(): void {
    this.dependencies.add(this.newManagedPolicy([this.role]));
  }

  public add(statement: PolicyStatement): void {
    this.document.addStatements(statement);
  }

  /** Completes the statements when synthesis visits the provider: the app is complete then, and other aspects have not changed the provider yet. */
  public beforeSynthesis(complete: () => void): void {
    const visit = (construct: IConstruct) => {
      if (construct === this.scope) { complete(); }
    };
    Aspects.of(this.scope).add({ visit }, { priority: AspectPriority.MUTATING - 1 });
  }

  protected newManagedPolicy(roles?: IRole[]): ManagedPolicy {
    this.managedPolicies += 1;
    this.document = new PolicyDocument();
    return new ManagedPolicy(this.scope, `Policy${this.managedPolicies}`, { document: this.document, roles });
  }
}

/** A new role. It has an inline policy, then managed ones. They are part of the role, so the function depends on them anyway. */
class NewRole extends RolePolicies {
  public readonly role: Role;

  constructor(scope: Construct) {
    super(scope);
    this.role = newRole(scope, this.document);
  }

  public spaceBeside(fixedStatements: number): number {
    return INLINE_POLICY_SPACE - fixedStatements;
  }

  public override beginPolicy(): void {
    this.role.addManagedPolicy(this.newManagedPolicy());
  }
}

/**
 * A given role, or one that is created outside of the app. The provider attaches managed policies even to a `Role` of the stack, because the policies
 * of that role may have no room, and CloudFormation shrinks them before it deletes removed contacts.
 */
class GivenRole extends RolePolicies {
  constructor(scope: Construct, public readonly role: IRole) {
    super(scope);
    this.beginPolicy();
  }

  public spaceBeside(fixedStatements: number): number {
    return MANAGED_POLICY_SPACE - fixedStatements;
  }
}

/** An immutable role. One warning prints all permissions that it needs. */
class ImmutableRole extends RolePolicies {
  constructor(scope: Construct, public readonly role: IRole) {
    super(scope);
    warnOfMissingGrants(scope, 'The function', this.document);
  }

  /** Nothing is deployed, so no policy is ever full. */
  public spaceBeside(): number {
    return Infinity;
  }
}

/** Whether a role is immutable, so that nothing can be granted to it. */
export function isImmutable(role: IRole): boolean {
  return (role.constructor as { PROPERTY_INJECTION_ID?: string }).PROPERTY_INJECTION_ID === IMMUTABLE_ROLE;
}

/**
 * Checks that a role is in the account of the stack. The CDK makes an immutable role of any other, whose warning would send its owner the wrong way.
 *
 * @throws Error if it is in another one
 */
export function refuseForeignRole(scope: IConstruct, role?: IRole): void {
  const { account } = environmentOf(Stack.of(scope));
  if (role && Token.compareStrings(role.env.account, account) === TokenComparison.DIFFERENT) {
    throw new Error(`${scope.node.path}: role must be in the account of the stack, which is ${account}, because AWS passes no role of another account to `
      + `a service; got a role of ${role.env.account}`);
  }
}

/**
 * Warns that the owner of an immutable role must grant these permissions. The document is complete when the app is. A warning added this late can be
 * acknowledged only on a parent of its construct, so a child of the scope carries it.
 */
export function warnOfMissingGrants(scope: Construct, who: string, document: PolicyDocument): void {
  Aspects.of(new Construct(scope, 'Permissions')).add({
    visit: construct => warn(construct, 'roleMustBeGranted', 'The role is immutable, so nothing is granted to it. '
      + `${who} needs: ${JSON.stringify(Stack.of(construct).resolve(document), withoutFunctions)}`),
  });
}

/** Returns the policies of the given role, or of a new one. */
export function policiesOf(scope: Construct, role?: IRole): RolePolicies {
  if (role && isImmutable(role)) { return new ImmutableRole(scope, role); }
  // A role that is created outside of the app reports a statement as soon as it gets it, but a managed policy only when the policy is complete.
  if (scope.node.tryGetContext(CUSTOMIZE_ROLES) !== undefined) { return new GivenRole(scope, role ?? newRole(scope)); }
  return role ? new GivenRole(scope, role) : new NewRole(scope);
}

function newRole(scope: Construct, inlinePolicy?: PolicyDocument): Role {
  return new Role(scope, 'Role', {
    description: 'Sets the alternate contacts that this stack declares',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: inlinePolicy && { AlternateContacts: inlinePolicy },
  });
}

/** Writes references as `Fn::Sub` does: `${AWS::Partition}`, `${Resource.Attribute}`. */
function withoutFunctions(_key: string, value: unknown): unknown {
  const { 'Ref': ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = Object(value) as { 'Ref'?: string; 'Fn::GetAtt'?: string[]; 'Fn::Join'?: [string, unknown[]] };
  if (ref) { return `\${${ref}}`; }
  if (attribute) { return `\${${attribute.join('.')}}`; }
  return join ? join[1].map(part => withoutFunctions('', part)).join(join[0]) : value;
}
