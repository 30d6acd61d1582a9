import { applies, type Context, type PolicyDocument, type Statement, wildcard } from './policy';
import type { Clock } from '../core/clock';

/** A size limit of IAM is exceeded, so the resource fails. */
class LimitExceeded extends Error {}

const INLINE_CHARACTERS = 10_240; // of all inline policies of a role, without white space
const MANAGED_CHARACTERS = 6_144;
const MANAGED_PER_ROLE = 10;

export interface RoleDefinition {
  /** The AssumeRolePolicyDocument: who may assume the role. */
  readonly trust: PolicyDocument;
  readonly inline: Map<string, PolicyDocument>;
  readonly managedPolicyArns: string[];
  /** The ARN of the managed policy that limits what the role's policies can allow. */
  readonly permissionsBoundary?: string;
}

interface Policy {
  readonly arn?: string;
  readonly statements: Statement[];
}

/** The permissions of a role from a moment on. */
interface Version {
  readonly from: number;
  readonly policies: Policy[];
  readonly boundary?: Policy;
}

interface Role {
  trust: PolicyDocument;
  permissionsBoundary?: string;
  /** Inline policies by name, also those of AWS::IAM::Policy. */
  readonly inline: Map<string, PolicyDocument>;
  /** The ARNs in the role's ManagedPolicyArns. `attached` has those of policies that name the role in `Roles`. */
  declared: string[];
  readonly attached: Set<string>;
  /** All versions of the role. IAM is eventually consistent, so each takes effect at its moment. */
  versions: Version[];
}

/** Roles and their policies, and whether these allow a call. */
export class Iam {
  private readonly roles = new Map<string, Role>();
  private readonly managed = new Map<string, PolicyDocument>();

  /** @param serviceControlPolicy returns the service control policy of an account */
  constructor(
    private readonly clock: Clock,
    private readonly policyDelaySeconds: number,
    private readonly serviceControlPolicy: (account: string) => { arn: string; document: PolicyDocument } | undefined = () => undefined,
  ) {}

  /** @param delaySeconds seconds until the policies of the role take effect */
  putRole(account: string, name: string, definition: RoleDefinition, delaySeconds = this.policyDelaySeconds): void {
    const { trust, inline, managedPolicyArns, permissionsBoundary } = definition;
    const role: Role = this.find(account, name) ?? { trust, inline: new Map(), declared: [], attached: new Set(), versions: [] };
    const own = new Map(inline);
    role.inline.forEach((document, policy) => policy.startsWith('policy:') && own.set(policy, document));
    checkInline(name, own);
    checkAttached(name, new Set([...managedPolicyArns, ...role.attached]));
    role.inline.clear();
    own.forEach((document, policy) => role.inline.set(policy, document));
    Object.assign(role, { trust, permissionsBoundary, declared: managedPolicyArns });
    this.roles.set(`${account}/${name}`, role);
    this.changed(role, delaySeconds);
  }

  deleteRole(account: string, name: string): void {
    this.roles.delete(`${account}/${name}`);
  }

  /** Whether the role exists and trusts a service. Conditions of the trust are ignored. */
  trusts(account: string, name: string, service: string): boolean {
    const statements = [this.find(account, name)?.trust.Statement ?? []].flat().filter(({ Action, Principal }) =>
      [Action ?? []].flat().some(pattern => wildcard(pattern, true).test('sts:AssumeRole'))
      && (Principal === '*' || [Principal?.Service ?? []].flat().includes(service)));
    return statements.length > 0 && statements.every(({ Effect }) => Effect === 'Allow');
  }

  /** Puts the inline policy of an AWS::IAM::Policy into a role. `undefined` removes it. */
  putInline(account: string, name: string, policy: string, document: PolicyDocument | undefined): void {
    const role = this.find(account, name);
    if (!role) {
      if (document) {
        throw new Error(`The role with name ${name} cannot be found.`);
      }
      return;
    }
    const inline = new Map(role.inline);
    if (document) {
      inline.set(`policy:${policy}`, document); // the prefix tells it from the role's own policies
    } else {
      inline.delete(`policy:${policy}`);
    }
    checkInline(name, inline);
    role.inline.clear();
    inline.forEach((value, key) => role.inline.set(key, value));
    this.changed(role);
  }

  /** Puts a managed policy, and attaches it to these roles only. */
  putManaged(account: string, arn: string, document: PolicyDocument, roles: string[]): void {
    const size = characters(document);
    if (size > MANAGED_CHARACTERS) {
      throw new LimitExceeded(`Cannot exceed quota for PolicySize: ${MANAGED_CHARACTERS} (the policy has ${size})`);
    }
    for (const name of roles) {
      const role = this.find(account, name);
      if (!role) {
        throw new Error(`The role with name ${name} cannot be found.`);
      }
      checkAttached(name, new Set([...role.declared, ...role.attached, arn]));
    }
    this.managed.set(arn, document);
    this.roles.forEach((role, key) => {
      if (roles.some(name => key === `${account}/${name}`)) {
        role.attached.add(arn);
      } else {
        role.attached.delete(arn);
      }
      this.changed(role);
    });
  }

  deleteManaged(arn: string): void {
    this.managed.delete(arn);
    this.roles.forEach(role => {
      role.attached.delete(arn);
      this.changed(role);
    });
  }

  /**
   * Returns why the role may not do this, as the end of an AccessDenied message, or `undefined` if it may.
   * An explicit Deny wins. Otherwise each kind of policy must allow the action. Resource policies and session policies are not modelled.
   */
  refusal(account: string, name: string, action: string, resource: string, context: Context): string | undefined {
    const now = this.clock.now();
    const version = this.find(account, name)?.versions.filter(({ from }) => from <= now).at(-1);
    const control = this.serviceControlPolicy(account);
    const kinds: [string, Policy[]][] = [
      ...(control ? [['a service control policy', [policyOf(control.document, control.arn)]] as [string, Policy[]]] : []),
      ['an identity-based policy', version?.policies ?? []],
      ...(version?.boundary ? [['a permissions boundary', [version.boundary]] as [string, Policy[]]] : []),
    ];
    const find = (policies: Policy[], effect: Statement['Effect']) => policies.find(({ statements }) =>
      statements.some(statement => statement.Effect === effect && applies(statement, action, resource, context)));
    for (const [kind, policies] of kinds) {
      const denying = find(policies, 'Deny');
      if (denying) {
        return `on resource: ${resource} with an explicit deny in ${kind}${denying.arn === undefined ? '' : `: ${denying.arn}`}`;
      }
    }
    const silent = kinds.find(([, policies]) => !find(policies, 'Allow'));
    return silent && `on resource: ${resource} because no ${silent[0].replace(/^an? /, '')} allows the ${action} action`;
  }

  private find(account: string, name: string): Role | undefined {
    return this.roles.get(`${account}/${name}`);
  }

  private changed(role: Role, delaySeconds = this.policyDelaySeconds): void {
    const managed = (arn: string) => policyOf(this.managed.get(arn) ?? awsManaged(arn), arn);
    const policies = [
      ...[...role.inline.values()].map(document => policyOf(document)),
      ...[...new Set([...role.declared, ...role.attached])].map(managed),
    ];
    const boundary = role.permissionsBoundary === undefined ? undefined : managed(role.permissionsBoundary);
    const last = role.versions.at(-1);
    if (last && JSON.stringify([last.policies, last.boundary]) === JSON.stringify([policies, boundary])) {
      return; // nothing changes, so no new version has to take effect
    }
    role.versions.push({ from: this.clock.now() + delaySeconds * 1000, policies, boundary });
  }
}

function policyOf(document: PolicyDocument, arn?: string): Policy {
  return { arn, statements: [document.Statement].flat() };
}

function characters(document: PolicyDocument): number {
  return JSON.stringify(document).replace(/\s/g, '').length;
}

function checkInline(role: string, inline: Map<string, PolicyDocument>): void {
  const size = [...inline.values()].reduce((sum, document) => sum + characters(document), 0);
  if (size > INLINE_CHARACTERS) {
    throw new LimitExceeded(`Maximum policy size of ${INLINE_CHARACTERS} bytes exceeded for role ${role} (${size})`);
  }
}

function checkAttached(role: string, arns: Set<string>): void {
  if (arns.size > MANAGED_PER_ROLE) {
    throw new LimitExceeded(`Cannot exceed quota for PoliciesPerRole: ${MANAGED_PER_ROLE} (role ${role})`);
  }
}

/** A managed policy of AWS. Only AdministratorAccess allows actions that the sandbox checks. */
function awsManaged(arn: string): PolicyDocument {
  return { Statement: arn.endsWith(':policy/AdministratorAccess') ? [{ Effect: 'Allow', Action: '*', Resource: '*' }] : [] };
}
