/*
 * Synthesizes the examples under cdk-nag, and prints the findings. It runs in a copy of the project that has the newest aws-cdk-lib. It is not a .ts
 * file, because the project's older aws-cdk-lib lacks some of its imports.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, BootstraplessSynthesizer, CfnStackSet, Stack, Validations } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';
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

function judge(outdir: string, declare: (app: App, outdir: string) => void): Report['pluginReports'] {
  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir });
  declare(app, outdir);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new NIST80053R5Checks(app));
  try {
    app.synth();
  } catch (error) {
    // Findings fail the synthesis.
    if (!String(error).includes('Validation failed')) throw error;
  }
  process.exitCode = 0;
  return (JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as Report).pluginReports;
}

/** Prints the findings as the last line of stdout. cdk-nag writes to stderr. */
export function judgeExamples(directory: string): void {
  const reports = [declareAccounts, declareOrganization].flatMap(declare => judge(join(directory, declare.name), declare));
  const conclusions = new Set(reports.map(({ pluginName, conclusion }) => `${pluginName}: ${conclusion}`));
  const findings = reports.flatMap(({ violations }) => violations.flatMap(({ ruleName, violatingConstructs }) =>
    violatingConstructs.map(({ constructPath }) => `${ruleName} at ${constructPath}`)));
  process.stdout.write(`\n${JSON.stringify({ conclusions: [...conclusions], findings })}\n`);
}
