import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { testContact } from './test-values';
import { LeftVisit, Sandbox, Template, VirtualClock } from '../../sandbox';
import { AlternateContactOverride, OrganizationAlternateContacts } from '../../src';

const MANAGEMENT = '111111111111';
const [SHOP, LAB, CLOSED] = ['222222222222', '333333333333', '444444444444'];

/** A definition, and visits to its states: of all that end the same way, the first. */
export interface Visits {
  readonly definition: string;
  readonly visits: readonly LeftVisit[];
}

/** Has the sandbox sweep a small organization in which much goes wrong, and watches its states. */
export async function visitsInSandbox(): Promise<Visits> {
  const found = new Map<string, LeftVisit>();
  const clock = new VirtualClock();
  const onLeave = (visit: LeftVisit) => {
    const key = [visit.state.name, visit.next, visit.bindings.states.errorOutput === undefined].join(' ');
    found.set(key, found.get(key) ?? visit);
  };
  const sandbox = await Sandbox.start({
    clock, managementAccount: MANAGEMENT, memberAccounts: [SHOP, LAB, CLOSED], quotas: 'documented', stepFunctions: { onLeave },
  });
  try {
    await clock.until(sandbox.deploy({ stackName: 'Contacts', account: MANAGEMENT, region: 'us-east-1', template: template() }));
    await clock.advance(600);
    await clock.until(sandbox.stepFunctions.idle());
    const [first] = sandbox.stepFunctions.executions;
    for (const input of [{ accountIds: [SHOP, '999999999999'] }, { accountIds: SHOP }]) {
      await clock.until(sandbox.stepFunctions.start(first.identity.machineArn, input).ended);
    }
    return { definition: sandbox.stepFunctions.revisionOf(first).options.definition, visits: [...found.values()] };
  } finally {
    await sandbox.close();
  }
}

function template(): Template {
  const app = new App();
  const stack = new Stack(app, 'Contacts', { env: { account: MANAGEMENT, region: 'us-east-1' }, synthesizer: new BootstraplessSynthesizer() });
  new OrganizationAlternateContacts(stack, 'Contacts', {
    billing: testContact('finance'),
    security: testContact('soc'),
    overrides: [AlternateContactOverride.forAccounts([LAB], { security: testContact('lab') })],
  });
  return app.synth().getStackByName('Contacts').template as Template;
}
