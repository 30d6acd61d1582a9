/*
 * Synthesizes the examples under cdk-nag, once as they are and once with the acknowledgements, and prints the findings. It runs in a copy of the
 * project that has the newest aws-cdk-lib. It is not a .ts file, because the project's older aws-cdk-lib lacks some of its imports.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, BootstraplessSynthesizer, CfnStackSet, Stack, Validations } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';
import { ACKNOWLEDGED } from './acknowledged';
import { ContactsStackSet } from '../../examples/account-vending/stack-set-stack';
import { VendingStack } from '../../examples/account-vending/vending-stack';
import { declareContacts } from '../../examples/named-accounts/contacts';
import { keepContacts } from '../../examples/organization-wide/contacts';
import { OrganizationEventForwarder } from '../../src';

interface Report {
  readonly pluginReports: {
    readonly pluginName: string;
    readonly conclusion: string;
    readonly violations: { readonly ruleName: string; readonly violatingConstructs: { readonly constructPath: string }[] }[];
  }[];
}

interface Verdict {
  readonly error: string;
  readonly findings: string[];
  readonly conclusions: string[];
}

const synthesizer = () => new BootstraplessSynthesizer();

/** The examples that declare accounts one by one. */
function declareAccounts(app: App, outdir: string): void {
  declareContacts(new Stack(app, 'Contacts', { env: { account: '111111111111', region: 'us-east-1' }, synthesizer: synthesizer() }));
  new VendingStack(app, 'AccountVending');
  const stackSet = new ContactsStackSet(app, 'ContactsEverywhere', 'ou-exam-ple00000').node.findChild('Contacts') as CfnStackSet;
  // cdk-nag checks constructs, and the stack set's template is text. This turns it into constructs.
  const templateFile = join(outdir, 'stack-set.json');
  writeFileSync(templateFile, stackSet.templateBody ?? '');
  new CfnInclude(new Stack(app, 'StackSetTemplate', { synthesizer: synthesizer() }), 'Template', { templateFile });
}

/** The example that declares all accounts of an organization. Its app may not also declare contacts of the same accounts. */
function declareOrganization(app: App): void {
  keepContacts(new Stack(app, 'OrganizationContacts', { env: { account: '111111111111', region: 'eu-west-1' }, synthesizer: synthesizer() }));
  const events = new Stack(app, 'OrganizationEvents', { env: { account: '111111111111', region: 'us-east-1' }, synthesizer: synthesizer() });
  new OrganizationEventForwarder(events, 'Forwarder', { targetRegion: 'eu-west-1' });
}

function judge(outdir: string, acknowledge: boolean): Verdict {
  const verdicts = [declareAccounts, declareOrganization].map(declare => judgeApp(join(outdir, declare.name), acknowledge, declare));
  return {
    error: verdicts.map(({ error }) => error).join(''),
    findings: verdicts.flatMap(({ findings }) => findings),
    conclusions: [...new Set(verdicts.flatMap(({ conclusions }) => conclusions))],
  };
}

function judgeApp(outdir: string, acknowledge: boolean, declare: (app: App, outdir: string) => void): Verdict {
  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir });
  declare(app, outdir);

  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new NIST80053R5Checks(app));
  if (acknowledge) {
    const constructs = new Map(app.node.findAll().map(construct => [construct.node.path, construct]));
    for (const { rules, paths, reason } of ACKNOWLEDGED) {
      for (const path of paths) {
        const construct = constructs.get(path);
        if (construct) Validations.of(construct).acknowledge(...rules.map(id => ({ id, reason })));
      }
    }
  }
  let error = '';
  try {
    app.synth();
  } catch (thrown) {
    error = String(thrown);
    if (!error.includes('Validation failed')) throw thrown;
  }
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as Report;
  return {
    error,
    conclusions: pluginReports.map(({ pluginName, conclusion }) => `${pluginName}: ${conclusion}`),
    findings: pluginReports.flatMap(({ violations }) => violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${ruleName} at ${constructPath}`))),
  };
}

/** Prints the verdicts as the last line of stdout. cdk-nag writes to stderr. */
export function judgeExamples(directory: string): void {
  const raw = judge(join(directory, 'raw'), false);
  const acknowledged = judge(join(directory, 'acknowledged'), true);
  // Synthesis sets it where there are findings.
  process.exitCode = 0;
  process.stdout.write(`\n${JSON.stringify({ raw, acknowledged })}\n`);
}
