import { Annotations, AspectPriority, Aspects, Stack } from 'aws-cdk-lib';
import { IRole, ManagedPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct, DependencyGroup, IConstruct } from 'constructs';

/*
 * IAM's limits, in characters without white space.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const INLINE_POLICY_LIMIT = 10_240;
const MANAGED_POLICY_LIMIT = 6_144;
/** What is kept free in each policy for its frame, and in the first one for the statements that do not grow. */
const POLICY_FRAME = 100;
const FIXED_STATEMENTS = 1_400;
/** What the id of the root adds to them in a nested stack. */
const ROOT_STACK_ID = 300;
const STATEMENT_FRAME = 220;

/** Set by `Role.customizeRoles()`: roles are created outside of the app, and what they need is reported. */
const CUSTOMIZE_ROLES = '@aws-cdk/iam:customizeRoles';
/** The name that the CDK gives to the class of roles that are not to be changed. The class itself is not exported. */
const IMMUTABLE_ROLE = 'aws-cdk-lib.aws-iam.ImmutableRole';

/**
 * Where statements go.
 * - `own`: an inline policy of the provider's own role, then managed policies.
 * - `attached`: managed policies that are attached to a role from outside: it is imported, in another stack or created outside of the app.
 * - `sorted`: a `Role` of the stack, which sorts them into policies by itself.
 * - `printed`: the role is immutable.
 */
type Placement = 'own' | 'attached' | 'sorted' | 'printed';

/** The role of a provider, and the policies that hold its permissions. */
export class RolePolicies {
  public readonly role: IRole;
  /** The policies that the role does not bring along: they must be there before the function, and go after it. */
  public readonly dependencies = new DependencyGroup();

  private readonly placement: Placement;
  private document = new PolicyDocument();
  private space: number;
  private managedPolicies = 0;
  private readonly putStatements = new Map<string, PolicyStatement>();

  constructor(private readonly scope: Construct, role?: IRole) {
    this.placement = placementOf(scope, role);
    this.role = role ?? new Role(scope, 'Role', {
      description: 'Sets the alternate contacts that this stack declares',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      // The policies are part of the role or attached by it, so that they are there before the function and go after it.
      inlinePolicies: this.placement === 'own' ? { AlternateContacts: this.document } : undefined,
    });
    if (this.placement === 'attached') this.attach();
    if (this.placement === 'printed') this.print();

    const limit = this.placement === 'own' ? INLINE_POLICY_LIMIT : MANAGED_POLICY_LIMIT;
    const fixed = this.placement === 'sorted' ? 0 : FIXED_STATEMENTS + (Stack.of(scope).nested ? ROOT_STACK_ID : 0);
    this.space = this.placement === 'printed' ? Infinity : limit - POLICY_FRAME - fixed;
  }

  /** Adds a statement that does not grow. */
  public add(statement: PolicyStatement): void {
    if (this.placement === 'sorted') {
      this.role.addToPrincipalPolicy(statement);
    } else {
      this.document.addStatements(statement);
    }
  }

  /**
   * Allows contacts of one type to be set. IAM limits the size of a policy, so when one is full the next is begun.
   *
   * @param size what the resources take in a policy, in characters
   */
  public allowPut(alternateContactType: string, resources: string[], size: number): void {
    const open = this.putStatements.get(alternateContactType);
    if (open && size <= this.space) {
      open.addResources(...resources);
      this.space -= size;
      return;
    }
    if (size + STATEMENT_FRAME > this.space) this.beginPolicy();
    this.space -= size + STATEMENT_FRAME;
    const statement = new PolicyStatement({
      // Get comes with Put: before it creates a contact, the function looks whether it takes one over.
      actions: ['account:PutAlternateContact', 'account:GetAlternateContact'],
      resources,
      conditions: { 'ForAnyValue:StringEquals': { 'account:AlternateContactTypes': alternateContactType } },
    });
    this.add(statement);
    this.putStatements.set(alternateContactType, statement);
  }

  /** Completes statements when the app is complete, before the role sorts them into policies. */
  public beforeSynthesis(complete: () => void): void {
    const visited = this.placement === 'sorted' ? this.role : this.scope;
    const visit = (construct: IConstruct) => {
      if (construct === visited) complete();
    };
    Aspects.of(visited).add({ visit }, { priority: AspectPriority.MUTATING - 1 });
  }

  private beginPolicy(): void {
    this.putStatements.clear();
    this.space = MANAGED_POLICY_LIMIT - POLICY_FRAME;
    if (this.placement === 'sorted') return;
    this.document = new PolicyDocument();
    this.attach();
  }

  private attach(): void {
    this.managedPolicies += 1;
    const props = { document: this.document, roles: this.placement === 'attached' ? [this.role] : undefined };
    const policy = new ManagedPolicy(this.scope, `Policy${this.managedPolicies}`, props);
    if (this.placement === 'own') {
      this.role.addManagedPolicy(policy);
    } else {
      this.dependencies.add(policy);
    }
  }

  /**
   * Tells once what the role must be allowed, when all contacts are known. What is told so late can be acknowledged around the construct that
   * tells it, but not on it, so it is told by one in the provider.
   */
  private print(): void {
    Aspects.of(new Construct(this.scope, 'Permissions')).add({ visit: construct => warnOfMissingGrants(construct, 'The function', this.document) });
  }
}

/** Whether nothing can be granted to a role. */
export function isImmutable(role: IRole): boolean {
  return (role.constructor as { PROPERTY_INJECTION_ID?: string }).PROPERTY_INJECTION_ID === IMMUTABLE_ROLE;
}

/** Warns that an immutable role has to be granted what somebody needs. */
export function warnOfMissingGrants(construct: IConstruct, who: string, document: PolicyDocument): void {
  Annotations.of(construct).addWarningV2('cdk-alternate-contact:roleMustBeGranted', 'The role is immutable, so nothing is granted to it. '
    + `${who} needs: ${JSON.stringify(Stack.of(construct).resolve(document), withoutFunctions)}`);
}

function placementOf(scope: Construct, role: IRole | undefined): Placement {
  if (role && isImmutable(role)) return 'printed';
  // A role that is created outside of the app notes a statement when it gets it, and a managed policy when it is complete.
  if (scope.node.tryGetContext(CUSTOMIZE_ROLES) !== undefined) return 'attached';
  if (!role) return 'own';
  return Role.isRole(role) && Stack.of(role) === Stack.of(scope) ? 'sorted' : 'attached';
}

/** Writes what only the deployment knows as `Fn::Sub` does: `${AWS::Partition}`, `${Resource.Attribute}`. */
function withoutFunctions(_key: string, value: unknown): unknown {
  const { 'Ref': ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = Object(value) as { 'Ref'?: string; 'Fn::GetAtt'?: string[]; 'Fn::Join'?: [string, unknown[]] };
  if (ref) return `\${${ref}}`;
  if (attribute) return `\${${attribute.join('.')}}`;
  return join ? join[1].map(part => withoutFunctions('', part)).join(join[0]) : value;
}
