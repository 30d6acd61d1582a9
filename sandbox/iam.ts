import type { Clock } from './clock';

export interface PolicyDocument {
  readonly Statement: Statement | Statement[];
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | string[];
  readonly NotAction?: string | string[];
  readonly Resource?: string | string[];
  readonly NotResource?: string | string[];
  readonly Condition?: Record<string, Record<string, string | string[]>>;
}

/** Refused by IAM's size limits; fails the resource that asked. */
export class LimitExceeded extends Error {}

const INLINE_CHARACTERS = 10_240; // all inline policies of a role together, white space not counted
const MANAGED_CHARACTERS = 6_144;
const MANAGED_PER_ROLE = 10;

interface Role {
  /** Inline policies by name: the role's own, and those of AWS::IAM::Policy. */
  readonly inline: Map<string, PolicyDocument>;
  /** ARNs in the role's ManagedPolicyArns, and those attached from the policy's side (its `Roles`). */
  declared: string[];
  readonly attached: Set<string>;
  /** IAM is eventually consistent: every state of the role, with the moment from which it counts. */
  versions: { from: number; statements: Statement[] }[];
}

/** Roles and their policies, and whether these allow a call. */
export class Iam {
  private readonly roles = new Map<string, Role>();
  private readonly managed = new Map<string, PolicyDocument>();

  constructor(private readonly clock: Clock, private readonly policyDelaySeconds: number) {}

  putRole(account: string, name: string, inline: Map<string, PolicyDocument>, managedPolicyArns: string[]): void {
    const role: Role = this.find(account, name) ?? { inline: new Map(), declared: [], attached: new Set(), versions: [] };
    const own = new Map(inline);
    role.inline.forEach((document, policy) => policy.startsWith('policy:') && own.set(policy, document));
    checkInline(name, own);
    checkAttached(name, new Set([...managedPolicyArns, ...role.attached]));
    role.inline.clear();
    own.forEach((document, policy) => role.inline.set(policy, document));
    role.declared = managedPolicyArns;
    this.roles.set(`${account}/${name}`, role);
    this.changed(role);
  }

  deleteRole(account: string, name: string): void {
    this.roles.delete(`${account}/${name}`);
  }

  hasRole(account: string, name: string): boolean {
    return this.find(account, name) !== undefined;
  }

  /** AWS::IAM::Policy: an inline policy in other resources' roles. `undefined` takes it away. */
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
      inline.set(`policy:${policy}`, document); // the prefix keeps them apart from the role's own
    } else {
      inline.delete(`policy:${policy}`);
    }
    checkInline(name, inline);
    role.inline.clear();
    inline.forEach((value, key) => role.inline.set(key, value));
    this.changed(role);
  }

  /** AWS::IAM::ManagedPolicy: a policy of its own and the roles it is attached to. */
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
   * Why the role may not do this, in the words that end an AccessDenied message; `undefined` when it may.
   * Default deny, an explicit Deny wins. Resource policies, boundaries, session policies and SCPs are not modelled.
   */
  refusal(account: string, name: string, action: string, resource: string, context: Record<string, string[]>): string | undefined {
    const now = this.clock.now();
    const statements = this.find(account, name)?.versions.filter(version => version.from <= now).at(-1)?.statements ?? [];
    const matching = statements.filter(statement => applies(statement, action, resource, context));
    if (matching.some(statement => statement.Effect === 'Deny')) {
      return `on resource: ${resource} with an explicit deny in an identity-based policy`;
    }
    return matching.some(statement => statement.Effect === 'Allow')
      ? undefined
      : `on resource: ${resource} because no identity-based policy allows the ${action} action`;
  }

  private find(account: string, name: string): Role | undefined {
    return this.roles.get(`${account}/${name}`);
  }

  private changed(role: Role): void {
    const arns = new Set([...role.declared, ...role.attached]);
    const documents = [...role.inline.values(), ...[...arns].map(arn => this.managed.get(arn) ?? awsManaged(arn))];
    const statements = documents.flatMap(document => document.Statement);
    if (JSON.stringify(role.versions.at(-1)?.statements) === JSON.stringify(statements)) {
      return; // nothing new: what counts already keeps counting
    }
    role.versions.push({ from: this.clock.now() + this.policyDelaySeconds * 1000, statements });
  }
}

function applies(statement: Statement, action: string, resource: string, context: Record<string, string[]>): boolean {
  const matches = (patterns: string | string[], value: string, ignoreCase = false) =>
    [patterns].flat().some(pattern => wildcard(pattern, ignoreCase).test(value));
  const actionFits = statement.Action !== undefined
    ? matches(statement.Action, action, true) : !matches(statement.NotAction ?? '*', action, true);
  const resourceFits = statement.Resource !== undefined
    ? matches(statement.Resource, resource) : !matches(statement.NotResource ?? '*', resource);
  return actionFits && resourceFits && Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => conditionHolds(operator, [wanted].flat(), valuesOf(context, key))));
}

function valuesOf(context: Record<string, string[]>, key: string): string[] | undefined {
  return Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

/**
 * The context keys of Account Management are all ArrayOfString, so a condition needs ForAnyValue or ForAllValues: without one
 * of them the sandbox lets no value match. ForAllValues holds for an absent key, everything else but negations does not.
 */
function conditionHolds(operator: string, wanted: string[], actual: string[] | undefined): boolean {
  const [set, name] = operator.includes(':') ? operator.split(':') : [undefined, operator];
  const base = name.replace(/IfExists$/, '');
  if (actual === undefined) {
    return set === 'ForAllValues' || base !== name || (set === undefined && base.includes('Not'));
  }
  const one = (value: string): boolean => {
    switch (base) {
      case 'StringEquals': return wanted.includes(value);
      case 'StringNotEquals': return !wanted.includes(value);
      case 'StringEqualsIgnoreCase': return wanted.some(want => want.toLowerCase() === value.toLowerCase());
      case 'StringLike': return wanted.some(want => wildcard(want, false).test(value));
      case 'StringNotLike': return !wanted.some(want => wildcard(want, false).test(value));
      default: throw new Error(`The sandbox does not know the condition operator ${operator}`);
    }
  };
  if (set === 'ForAllValues') {
    return actual.every(one);
  }
  return set === 'ForAnyValue' && actual.some(one);
}

function wildcard(pattern: string, ignoreCase: boolean): RegExp {
  const escaped = pattern.replace(/[\\^$+.()|[\]{}]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${escaped}$`, ignoreCase ? 'is' : 's');
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

/** AWS's own policies grant nothing that the sandbox's services ask for, but for the one that grants everything. */
function awsManaged(arn: string): PolicyDocument {
  return { Statement: arn.endsWith(':policy/AdministratorAccess') ? [{ Effect: 'Allow', Action: '*', Resource: '*' }] : [] };
}
