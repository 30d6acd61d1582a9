import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { keepContacts } from './contacts';
import { OrganizationEventForwarder } from '../../src'; // in your app: from 'cdk-alternate-contact'

// The management account, or the delegated administrator for Account Management.
const account = '111111111111';
const synthesizer = () => new BootstraplessSynthesizer();
const app = new App();

keepContacts(new Stack(app, 'OrganizationContacts', { env: { account, region: 'eu-west-1' }, synthesizer: synthesizer() }));

// Organizations sends its events to us-east-1 of the management account only.
const events = new Stack(app, 'OrganizationEvents', { env: { account, region: 'us-east-1' }, synthesizer: synthesizer() });
new OrganizationEventForwarder(events, 'Forwarder', { targetRegion: 'eu-west-1' });

app.synth();
