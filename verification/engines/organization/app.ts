import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { PEOPLE, REGION, SPECIAL, STACK_NAME, UNITS } from './organization-setup';
import { AlternateContactOverride, OrganizationAlternateContacts, OrganizationEventForwarder } from '../../../src';
import { OWN_ACCOUNT } from '../workbench';

const { finance, platform, soc, shop, guard, night, lab } = PEOPLE;
const { forAccounts, forOrganizationalUnits, exclude } = AlternateContactOverride;

const app = new App();
const stack = new Stack(app, STACK_NAME, {
  stackName: STACK_NAME,
  env: { account: OWN_ACCOUNT, region: REGION },
  synthesizer: new BootstraplessSynthesizer(),
});
const contacts = new OrganizationAlternateContacts(stack, 'Contacts', {
  billing: finance,
  operations: platform,
  security: soc,
  overrides: [
    forOrganizationalUnits([UNITS.workloads], { operations: shop, security: guard }),
    forOrganizationalUnits([UNITS.shop], { security: night }),
    forAccounts([SPECIAL.inShop], { operations: lab }),
    forAccounts([SPECIAL.inPlayground], { security: lab }),
    exclude([UNITS.playground, SPECIAL.excluded]),
  ],
});
contacts.onSweepCompleted('Completed');

const home = new Stack(app, `${STACK_NAME}-home`, {
  env: { account: OWN_ACCOUNT, region: 'us-east-1' },
  synthesizer: new BootstraplessSynthesizer(),
});
new OrganizationEventForwarder(home, 'Forwarded', { targetRegion: REGION });
app.synth();
