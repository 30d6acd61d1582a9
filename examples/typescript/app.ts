import { App, BootstraplessSynthesizer, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AlternateContact, AlternateContactProvider, AlternateContacts, AlternateContactType } from 'cdk-alternate-contact';
import { Construct } from 'constructs';

class ContactsStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { synthesizer: new BootstraplessSynthesizer() });

    // The account that the stack is deployed to. Its security contact stays, even if the stack goes.
    new AlternateContact(this, 'Security', {
      alternateContactType: AlternateContactType.SECURITY,
      name: 'Security Operations',
      title: 'On call',
      emailAddress: 'security@example.com',
      phoneNumber: '+1 555 0100',
      removalPolicy: RemovalPolicy.RETAIN,
    });

    // Another account of the organization.
    new AlternateContacts(this, 'Shop', {
      accountId: '111122223333',
      billing: {
        name: 'Accounts Payable',
        title: 'Finance',
        emailAddress: 'invoices@example.com',
        phoneNumber: '+1 555 0101',
      },
      operations: {
        name: 'Shop',
        title: 'On call',
        emailAddress: 'shop@example.com',
        phoneNumber: '+1 555 0102',
      },
    });

    // A function with other settings than the one that the contacts of a stack share by default.
    const provider = new AlternateContactProvider(this, 'Provider', {
      logRetention: RetentionDays.ONE_YEAR,
      timeout: Duration.minutes(5),
    });
    new AlternateContact(this, 'Billing', {
      alternateContactType: AlternateContactType.BILLING,
      name: 'Accounts Payable',
      title: 'Finance',
      emailAddress: 'invoices@example.com',
      phoneNumber: '+1 555 0101',
      provider,
    });
  }
}

const app = new App();
new ContactsStack(app, 'AlternateContacts');
app.synth();
