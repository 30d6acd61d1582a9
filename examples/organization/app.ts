import { App } from 'aws-cdk-lib';
import { ContactsStack } from './contacts-stack';

const app = new App();
new ContactsStack(app, 'Contacts');
app.synth();
