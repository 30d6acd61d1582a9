/** Deploys one version of an app after another, and watches the contacts at every moment. */
import { rmSync } from 'node:fs';
import { App, CfnResource, DefaultStackSynthesizer, Stack } from 'aws-cdk-lib';
import { Sandbox, StackResult, StoredContact, Template } from '../../sandbox';
import { openSandbox } from '../../test/open-sandbox';
import { ContactToDeclare, REGION, Values } from '../contenders/contender';

export const OWN = '111111111111';
export const MEMBER = '222222222222';

/** The values that the account has before the migration, and those that it gets. */
export const [OLD, NEW] = ['Old', 'New'].map((name): Values => ({ Name: name, Title: 'On call', EmailAddress: 'team@example.com', PhoneNumber: '+1 555 0100' }));

/** One contact of the stack's account, and one of another account. */
export const contactsWith = (values: Values): ContactToDeclare[] => [
  { path: 'Own', type: 'SECURITY', values },
  { path: 'Other', accountId: MEMBER, type: 'BILLING', values },
];

export type Declare = (stack: Stack) => void;

interface Where {
  /** @default 'Stack' */
  readonly stackName?: string;
  /** @default - the management account */
  readonly account?: string;
  /** Whether another resource fails after all others. */
  readonly fails?: boolean;
}

export class Migration {
  static async start(): Promise<Migration> {
    return new Migration(await openSandbox({ managementAccount: OWN, memberAccounts: [MEMBER], timeScale: 50, responseUrl: 's3' }));
  }

  private deployments = 0;

  private constructor(readonly sandbox: Sandbox) {}

  /** Deploys what the app now declares in a stack. */
  async deploy(declare: Declare, { stackName = 'Stack', account = OWN, fails = false }: Where = {}): Promise<StackResult> {
    const app = new App({ analyticsReporting: false });
    const synthesizer = new DefaultStackSynthesizer({ generateBootstrapVersionRule: false });
    const stack = new Stack(app, stackName, { env: { account, region: REGION }, synthesizer });
    declare(stack);
    const others = [...stack.node.children];
    this.deployments += 1;
    const Value = fails ? `fails ${this.deployments}` : 'stays';
    const sibling = new CfnResource(stack, 'Sibling', { type: 'AWS::SSM::Parameter', properties: { Type: 'String', Value } });
    sibling.node.addDependency(...others);
    const { directory, stacks: [{ template }] } = app.synth();
    const result = await this.sandbox.deploy({
      stackName, account, region: REGION, template: template as Template, assetDirectory: directory, fail: fails ? { Sibling: 'Update' } : undefined,
    });
    rmSync(directory, { recursive: true });
    await this.sandbox.idle();
    return result;
  }

  async destroy({ stackName = 'Stack', account = OWN }: Where = {}): Promise<void> {
    const { status } = await this.sandbox.destroy({ stackName, account, region: REGION });
    expect(status).toBe('DELETE_COMPLETE');
    await this.sandbox.idle();
  }

  /** The names of the contacts that the accounts have. */
  get names(): string[] {
    return [OWN, MEMBER].flatMap(account => this.sandbox.contacts.list(account)).map(({ Name }) => Name);
  }

  /** The contacts that were deleted at any time, even if they were set again at once. */
  get deleted(): string[] {
    return this.sandbox.contacts.changes.filter(({ contact }) => !contact).map(({ account, type }) => `${account}/${type}`);
  }

  /** Sets or deletes a contact as a tool outside of CloudFormation does. */
  byTool(values: Values | undefined, account = MEMBER, AlternateContactType: StoredContact['AlternateContactType'] = 'BILLING'): void {
    if (values) {
      this.sandbox.contacts.put(account, { AlternateContactType, ...values }, 'api');
    } else {
      this.sandbox.contacts.delete(account, AlternateContactType, 'api');
    }
  }
}
