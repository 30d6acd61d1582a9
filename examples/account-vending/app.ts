import { App } from 'aws-cdk-lib';
import { ContactsStackSet } from './stack-set-stack';
import { VendingStack } from './vending-stack';

const app = new App();
new VendingStack(app, 'AccountVending');
new ContactsStackSet(app, 'ContactsEverywhere', 'ou-exam-ple00000');
app.synth();
