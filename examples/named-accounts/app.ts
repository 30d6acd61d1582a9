import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { declareContacts } from './contacts';

const app = new App();
const stack = new Stack(app, 'Contacts', {
  env: { account: '111111111111', region: 'us-east-1' },
  synthesizer: new BootstraplessSynthesizer(),
});
declareContacts(stack);
app.synth();
