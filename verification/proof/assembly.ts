/** Synthesizes what a step deploys: a stack with its nested stacks, and in each of them a sibling that can fail. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, BootstraplessSynthesizer, CfnParameter, CfnResource, DefaultStackSynthesizer, NestedStack, Stack } from 'aws-cdk-lib';
import { Declared } from './deployment';
import { ContactDeclaration, contactValues, PARAMETERS, StackName, STACKS, Step } from './model';
import { System } from './systems';
import { Failures, Template } from '../../sandbox';
import type { ContactToDeclare } from '../contenders/contender';

export interface Assembly {
  readonly template: Template;
  readonly assetDirectory: string;
}

/** @param failing the value that makes a sibling fail, which must differ from deployment to deployment */
export function synthesize(system: System, name: StackName, declared: Declared, step: Step, failing: string, directory: string): Assembly {
  const app = new App({ analyticsReporting: false, outdir: mkdtempSync(join(directory, 'cdk.out-')) });
  const nests = nestsOf(declared);
  const root = new Stack(app, name, {
    env: { account: STACKS[name], region: 'us-east-1' },
    synthesizer: system.usesAssets || nests.length > 0
      ? new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) : new BootstraplessSynthesizer(),
  });
  for (const parameter of PARAMETERS) { new CfnParameter(root, parameter, { default: '' }); }
  const stacks = new Map<string, Stack>([['', root]]);
  for (const nest of nests) {
    const names = nest.split('/');
    const parent = stacks.get(names.slice(0, -1).join('/'))!;
    stacks.set(nest, new NestedStack(parent, names.at(-1)!));
  }
  for (const declaration of declared.values()) {
    system.declare(stacks.get(declaration.nest ?? '')!, contactOf(declaration, id => root.node.findChild(id) as CfnParameter));
  }
  // Innermost first: a sibling that fails afterwards also depends on the nested stacks.
  for (const [nest, stack] of [...stacks].reverse()) { addSibling(stack, nest, step, declared, failing); }
  const assembly = app.synth();
  const template = assembly.getStackByName(name).template as Template;
  system.transform?.(template);
  for (const { templateFile } of system.transform ? [...stacks.values()].filter(stack => stack !== root) : []) {
    const file = join(assembly.directory, templateFile);
    const nested = JSON.parse(readFileSync(file, 'utf8')) as Template;
    system.transform?.(nested);
    writeFileSync(file, JSON.stringify(nested));
  }
  return { template, assetDirectory: assembly.directory };
}

/** Translates a declaration for a contender. */
function contactOf(declaration: ContactDeclaration, parameter: (name: string) => CfnParameter): ContactToDeclare {
  const { path, account, type, values, retain, overwriteExisting, provider } = declaration;
  return {
    path,
    accountId: account.as === 'omitted' ? undefined : account.as === 'literal' ? account.id : parameter(account.parameter).valueAsString,
    type,
    values: contactValues(values),
    retain,
    overwriteExisting,
    provider: provider === 'default' ? undefined : provider,
  };
}

/** The nested stacks of a stack, outer ones first. */
function nestsOf(declared: Declared): string[] {
  const nests = [...declared.values()].flatMap(({ nest = '' }) => nest.split('/').map((_, index, names) => names.slice(0, index + 1).join('/')));
  return [...new Set(nests)].filter(nest => nest !== '').sort();
}

function addSibling(stack: Stack, nest: string, step: Step, declared: Declared, failing: string): void {
  const isToFail = step.sibling && failingNest(step, declared) === nest;
  const others = stack.node.children.filter(child => !CfnParameter.isCfnElement(child));
  const sibling = new CfnResource(stack, siblingId(nest), { type: 'AWS::SSM::Parameter', properties: { Type: 'String', Value: isToFail ? failing : 'stays' } });
  if (isToFail && step.sibling === 'afterwards') { sibling.node.addDependency(...others); }
}

/** The stack whose sibling fails: a nested one if the step wants that and there is one, otherwise the root. */
function failingNest({ siblingIsNested }: Step, after: Declared): string {
  return siblingIsNested ? nestsOf(after).at(-1) ?? '' : '';
}

function siblingId(nest: string): string {
  return `Sibling${nest.replaceAll('/', '')}`;
}

/** The failures that the sandbox is asked for. */
export function failuresOf(step: Step, before: Declared | undefined, after: Declared): Failures | undefined {
  if (!step.sibling) { return undefined; }
  const nest = failingNest(step, after);
  const exists = before !== undefined && (nest === '' || nestsOf(before).includes(nest));
  return { [siblingId(nest)]: { phase: exists ? 'Update' : 'Create', afterSeconds: step.sibling === 'meanwhile' ? 0.5 : 0 } };
}
