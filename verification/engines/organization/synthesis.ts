import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MACHINE_ARN, STACK_ID } from './events';
import { REGION, STACK_NAME } from './organization-setup';
import { ResolvedTemplate, ResourceDefinition, Template } from '../../../sandbox/cloudformation/template';
import { ROOT } from '../../tools/packages';
import { mustRun } from '../../tools/processes';
import { OWN_ACCOUNT, Workbench } from '../workbench';

export const APP = join('verification', 'engines', 'organization', 'app.ts');

/** The parts of the app's templates that the engines get. */
export interface Synthesis {
  /** The definition of the state machine. */
  readonly definition: string;
  /** The event patterns of the rules, by the ids of their constructs. */
  readonly patterns: { readonly [rule: string]: unknown };
}

type DescribedResource = ResourceDefinition & { readonly Metadata?: { readonly 'aws:cdk:path'?: string } };

/** Synthesizes the app, and reads the definition and the patterns from its templates. */
export async function synthesize(workbench: Workbench): Promise<Synthesis> {
  const output = join(workbench.directory, 'synthesis');
  const context = JSON.stringify({ 'aws:cdk:enable-path-metadata': true });
  await mustRun([join('node_modules', '.bin', 'tsx'), APP], {
    cwd: ROOT, env: { ...workbench.env, CDK_OUTDIR: output, CDK_CONTEXT_JSON: context, CDK_VALIDATION: 'false' },
  });
  const templates = readdirSync(output).filter(file => file.endsWith('.template.json'))
    .map(file => resolved(JSON.parse(readFileSync(join(output, file), 'utf8')) as Template));
  const propertiesOf = (wanted: string) => templates.flatMap(({ resources, properties }) => [...resources].filter(([, { Type }]) => Type === wanted)
    .map(([logicalId, resource]) => ({ path: (resource as DescribedResource).Metadata?.['aws:cdk:path'] ?? '', properties: properties(logicalId) })));
  const [machine] = propertiesOf('AWS::StepFunctions::StateMachine');
  return {
    definition: machine.properties.DefinitionString as string,
    patterns: Object.fromEntries(propertiesOf('AWS::Events::Rule').map(({ path, properties }) => [nameOf(path), properties.EventPattern])),
  };
}

/** A template as CloudFormation resolves it. Patterns refer to the machine; any other reference becomes a value that matches nothing. */
function resolved(template: Template) {
  const surroundings = { account: OWN_ACCOUNT, region: REGION, stackName: STACK_NAME, stackId: STACK_ID, parameters: {}, importValue: () => '' };
  const whole = new ResolvedTemplate(template, surroundings);
  const isMachine = (logicalId: string) => whole.resources.get(logicalId)?.Type === 'AWS::StepFunctions::StateMachine';
  return {
    resources: whole.resources, properties: (logicalId: string) => whole.properties(logicalId, name => isMachine(name) ? MACHINE_ARN : 'unresolved'),
  };
}

/** The id of the construct that a rule belongs to, or of the rule itself: `stack/Contacts/Deployed/Resource`, `stack/Forwarded/Rule/Resource`. */
function nameOf(path: string): string {
  return path.replace(/(\/Rule)?\/Resource$/, '').split('/').at(-1) ?? '';
}
