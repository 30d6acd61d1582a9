import { partitionOf } from '../core/endpoints';

export type Properties = Record<string, unknown>;

export interface ResourceDefinition {
  readonly Type: string;
  readonly Properties?: Properties;
  readonly DependsOn?: string | string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Description?: string;
  readonly Resources?: Record<string, ResourceDefinition>;
  readonly Parameters?: Record<string, { Type?: string; Default?: unknown; NoEcho?: boolean | string }>;
  readonly Conditions?: Record<string, unknown>;
  readonly Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  readonly Outputs?: Record<string, { Value: unknown; Condition?: string; Export?: { Name: unknown } }>;
}

/** CloudFormation refuses the call itself. Nothing has changed. */
export class ValidationError extends Error {}

/** The stack in which a template is resolved. */
interface TemplateSurroundings {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  readonly stackId: string;
  readonly parameters: Record<string, string>;
  /** The value of another stack's export. */
  readonly importValue: (name: string) => unknown;
}

/** The value of a resource's Ref (no attribute) or Fn::GetAtt. */
type Lookup = (logicalId: string, attribute?: string) => unknown;

const MAX_RESOURCES = 500;
const MAX_BYTES = 1_000_000;

/** A template in a stack: its resources, their order and their properties. */
export class ResolvedTemplate {
  /** The resources whose condition is true. */
  readonly resources = new Map<string, ResourceDefinition>();
  private readonly edges = new Map<string, string[]>();
  private readonly parameters: Record<string, unknown> = {};

  constructor(readonly template: Template, private readonly surroundings: TemplateSurroundings) {
    const all = Object.entries(template.Resources ?? {});
    if (all.length === 0) {
      throw new ValidationError('Template format error: At least one Resources member must be defined.');
    }
    if (all.length > MAX_RESOURCES) {
      throw new ValidationError(`Template format error: Number of resources, ${all.length}, is greater than maximum allowed, ${MAX_RESOURCES}`);
    }
    // Indented by one space, as the CDK writes it.
    if (Buffer.byteLength(JSON.stringify(template, undefined, 1)) > MAX_BYTES) {
      throw new ValidationError(`Template may not exceed ${MAX_BYTES} bytes in size.`);
    }
    this.readParameters();
    for (const [logicalId, definition] of all) {
      mustHaveNoNulls(definition.Properties, logicalId);
      if (definition.Condition === undefined || this.condition(definition.Condition)) {
        this.resources.set(logicalId, definition);
      }
    }
    this.resources.forEach((definition, logicalId) => {
      const found = new Set<string>([definition.DependsOn ?? []].flat());
      this.references(definition.Properties, found);
      const missing = [...found].filter(name => !(name in (template.Resources ?? {})));
      if (missing.length > 0) {
        throw new ValidationError(`Template format error: Unresolved resource dependencies [${missing.join(', ')}] in the Resources block of the template`);
      }
      this.edges.set(logicalId, [...found].filter(name => this.resources.has(name)));
    });
    this.mustHaveNoCycle();
  }

  /** The parameters with the values that were given, or with their defaults. */
  parametersGiven(): Map<string, string> {
    const given = this.surroundings.parameters;
    return new Map(Object.entries(this.template.Parameters ?? {}).map(([name, { Default }]) => [name, String(given[name] ?? Default)]));
  }

  /** The parameters as DescribeStacks shows them. */
  parametersAsShown(): [name: string, value: string][] {
    return [...this.parametersGiven()].map(([name, value]) => [name, String(this.template.Parameters?.[name].NoEcho) === 'true' ? '****' : value]);
  }

  /** The resources that must exist first: those that this one refers to, and those in its DependsOn. */
  dependencies(logicalId: string): string[] {
    return this.edges.get(logicalId) ?? [];
  }

  properties(logicalId: string, lookup: Lookup): Properties {
    return (this.resolve(this.resources.get(logicalId)?.Properties ?? {}, lookup) ?? {}) as Properties;
  }

  outputs(lookup: Lookup): { name: string; value: unknown; exportName?: string }[] {
    return Object.entries(this.template.Outputs ?? {})
      .filter(([, output]) => output.Condition === undefined || this.condition(output.Condition))
      .map(([name, output]) => ({
        name,
        value: this.resolve(output.Value, lookup),
        exportName: output.Export && String(this.resolve(output.Export.Name, lookup)),
      }));
  }

  /** Evaluates intrinsic functions; `undefined` stands for AWS::NoValue. */
  private resolve(value: unknown, lookup: Lookup): unknown {
    if (Array.isArray(value)) {
      return value.map(item => this.resolve(item, lookup)).filter(item => item !== undefined);
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const call = intrinsic(value);
    if (!call) {
      return Object.fromEntries(Object.entries(value)
        .map(([key, item]) => [key, this.resolve(item, lookup)]).filter(([, item]) => item !== undefined));
    }
    const { name, argument } = call;
    const list = (item: unknown) => this.resolve(item, lookup) as unknown[];
    const text = (item: unknown) => String(this.resolve(item, lookup));
    switch (name) {
      case 'Ref':
        return this.ref(String(argument), lookup);
      case 'Fn::GetAtt': {
        const [logicalId, attribute] = splitAttribute(argument);
        return lookup(logicalId, text(attribute));
      }
      case 'Fn::Join': {
        const [separator, items] = argument as [string, unknown];
        return list(items).map(String).join(separator);
      }
      case 'Fn::Sub': {
        const [template, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, Properties];
        return template.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, key: string) => {
          if (literal) {
            return `\${${key}}`;
          }
          if (key in variables) {
            return text(variables[key]);
          }
          return String(key.includes('.') ? lookup(...splitAttribute(key)) : this.ref(key, lookup));
        });
      }
      case 'Fn::Select': {
        const [index, items] = argument as [unknown, unknown];
        const chosen = list(items)[Number(text(index))];
        if (chosen === undefined) {
          throw new Error('Template error: Fn::Select cannot select nonexistent value at index ' + text(index));
        }
        return chosen;
      }
      case 'Fn::Split': {
        const [separator, item] = argument as [string, unknown];
        return text(item).split(separator);
      }
      case 'Fn::FindInMap': {
        const [map, first, second] = (argument as unknown[]).map(text);
        const found = this.template.Mappings?.[map]?.[first]?.[second];
        if (found === undefined) {
          throw new Error(`Template error: Unable to get mapping for ${map}::${first}::${second}`);
        }
        return found;
      }
      case 'Fn::If': {
        const [condition, yes, no] = argument as [string, unknown, unknown];
        return this.resolve(this.condition(condition) ? yes : no, lookup);
      }
      case 'Fn::ImportValue':
        return this.surroundings.importValue(text(argument));
      case 'Fn::Base64':
        return Buffer.from(text(argument)).toString('base64');
      case 'Fn::ToJsonString': // needs the AWS::LanguageExtensions transform
        return JSON.stringify(this.resolve(argument, lookup));
      default:
        throw new ValidationError(`The sandbox does not know ${name}`);
    }
  }

  private ref(name: string, lookup: Lookup): unknown {
    const { account, region, stackName, stackId } = this.surroundings;
    switch (name) {
      case 'AWS::AccountId': return account;
      case 'AWS::Region': return region;
      case 'AWS::Partition': return partitionOf(region);
      case 'AWS::URLSuffix': return partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
      case 'AWS::StackName': return stackName;
      case 'AWS::StackId': return stackId;
      case 'AWS::NotificationARNs': return [];
      case 'AWS::NoValue': return undefined;
      default: return name in this.parameters ? this.parameters[name] : lookup(name);
    }
  }

  private condition(condition: unknown): boolean {
    if (typeof condition === 'string') {
      const definition = this.template.Conditions?.[condition];
      if (definition === undefined) {
        throw new ValidationError(`Template format error: Unresolved condition ${condition}`);
      }
      return this.condition(definition);
    }
    const call = intrinsic(condition as object);
    const all = call?.argument as unknown[];
    const noResources: Lookup = name => { throw new ValidationError(`Conditions may not refer to resources: ${name}`); };
    switch (call?.name) {
      case 'Condition': return this.condition(call.argument);
      case 'Fn::Equals': return JSON.stringify(this.resolve(all[0], noResources)) === JSON.stringify(this.resolve(all[1], noResources));
      case 'Fn::Not': return !this.condition(all[0]);
      case 'Fn::And': return all.every(item => this.condition(item));
      case 'Fn::Or': return all.some(item => this.condition(item));
      default: throw new ValidationError(`The sandbox does not know the condition ${JSON.stringify(condition)}`);
    }
  }

  private readParameters(): void {
    for (const [name, { Type, Default }] of Object.entries(this.template.Parameters ?? {})) {
      const value = this.surroundings.parameters[name] ?? Default;
      if (value === undefined) {
        throw new ValidationError(`Parameters: [${name}] must have values`);
      }
      // The CDK reads BootstrapVersion from SSM: '30' stands for it. The sandbox ignores the template's Rules, which accept any recent version.
      this.parameters[name] = Type?.startsWith('AWS::SSM::Parameter::Value') ? '30'
        : /^(CommaDelimitedList|List<)/.test(Type ?? '') ? String(value).split(',').map(item => item.trim()) : String(value);
    }
  }

  /** Collects the logical ids that a value refers to. Of an Fn::If, only the branch that is taken counts. */
  private references(value: unknown, found: Set<string>): void {
    if (typeof value !== 'object' || value === null) {
      return;
    }
    const call = intrinsic(value);
    const add = (name: string) => {
      if (!(name in this.parameters) && !name.startsWith('AWS::')) {
        found.add(name);
      }
    };
    if (call?.name === 'Ref') {
      add(String(call.argument));
    } else if (call?.name === 'Fn::GetAtt') {
      add(splitAttribute(call.argument)[0]);
    } else if (call?.name === 'Fn::If') {
      const [condition, yes, no] = call.argument as [string, unknown, unknown];
      this.references(this.condition(condition) ? yes : no, found);
    } else {
      if (call?.name === 'Fn::Sub') {
        const [text, variables] = (Array.isArray(call.argument) ? call.argument : [call.argument, {}]) as [string, Properties];
        for (const [, key] of text.matchAll(/\$\{([^!}][^}]*)\}/g)) {
          if (!(key in variables)) {
            add(key.split('.')[0]);
          }
        }
      }
      Object.values(value).forEach(item => this.references(item, found));
    }
  }

  private mustHaveNoCycle(): void {
    const done = new Set<string>();
    const visit = (logicalId: string, path: string[]): void => {
      if (path.includes(logicalId)) {
        throw new ValidationError(`Circular dependency between resources: [${path.join(', ')}]`);
      }
      if (!done.has(logicalId)) {
        this.dependencies(logicalId).forEach(next => visit(next, [...path, logicalId]));
        done.add(logicalId);
      }
    };
    this.resources.forEach((_, logicalId) => visit(logicalId, []));
  }
}

function intrinsic(value: object): { name: string; argument: unknown } | undefined {
  const entries = Object.entries(value);
  if (entries.length !== 1) {
    return undefined;
  }
  const [name, argument] = entries[0];
  // `Condition` is a function only among conditions. In an IAM statement, a key of that name never stands alone.
  return name === 'Ref' || name.startsWith('Fn::') || (name === 'Condition' && typeof argument === 'string')
    ? { name, argument } : undefined;
}

function splitAttribute(argument: unknown): [string, string] {
  const [logicalId, ...rest] = Array.isArray(argument) ? argument : String(argument).split('.');
  return [String(logicalId), rest.length === 1 ? rest[0] as string : rest.join('.')];
}

function mustHaveNoNulls(value: unknown, where: string): void {
  if (value === null) {
    throw new ValidationError(`Template format error: [/Resources/${where}] 'null' values are not allowed in templates`);
  }
  if (typeof value === 'object') {
    Object.entries(value).forEach(([key, item]) => mustHaveNoNulls(item, `${where}/${key}`));
  }
}
