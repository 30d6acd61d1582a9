import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MACHINE_ARN, STACK_ID } from './events';
import { ROOT } from '../../tools/packages';
import { mustRun } from '../../tools/processes';
import { resolve } from '../intrinsics';
import type { Workbench } from '../workbench';

export const APP = join('verification', 'engines', 'organization', 'app.ts');

/** What the templates of the app hold for the engines. */
export interface Synthesis {
  /** The definition of the state machine. */
  readonly definition: string;
  /** The patterns of the rules, by the ids of their constructs. */
  readonly patterns: { readonly [rule: string]: unknown };
}

interface Resource {
  readonly Type: string;
  readonly Properties: { readonly DefinitionString?: unknown; readonly EventPattern?: unknown };
  readonly Metadata?: { readonly 'aws:cdk:path'?: string };
}

/** Synthesizes the app, and takes the definition and the patterns out of its templates. */
export async function synthesize(workbench: Workbench): Promise<Synthesis> {
  const output = join(workbench.directory, 'synthesis');
  const context = JSON.stringify({ 'aws:cdk:enable-path-metadata': true });
  await mustRun([join('node_modules', '.bin', 'tsx'), APP], {
    cwd: ROOT, env: { ...workbench.env, CDK_OUTDIR: output, CDK_CONTEXT_JSON: context, CDK_VALIDATION: 'false' },
  });
  const resources = readdirSync(output).filter(file => file.endsWith('.template.json')).flatMap(file =>
    Object.entries((JSON.parse(readFileSync(join(output, file), 'utf8')) as { readonly Resources: { readonly [id: string]: Resource } }).Resources));
  const [machine] = resources.filter(([, { Type }]) => Type === 'AWS::StepFunctions::StateMachine');
  const references = { 'AWS::StackId': STACK_ID, [machine[0]]: MACHINE_ARN };
  const patterns = resources.filter(([, { Type }]) => Type === 'AWS::Events::Rule')
    .map(([, { Properties, Metadata }]) => [nameOf(Metadata?.['aws:cdk:path'] ?? ''), resolve(Properties.EventPattern, references)]);
  return { definition: resolve(machine[1].Properties.DefinitionString) as string, patterns: Object.fromEntries(patterns) as Synthesis['patterns'] };
}

/** The id of the construct that has a rule, which may be the rule itself: `stack/Contacts/Deployed/Resource`, `stack/Forwarded/Rule/Resource`. */
function nameOf(path: string): string {
  return path.replace(/(\/Rule)?\/Resource$/, '').split('/').at(-1) ?? '';
}
