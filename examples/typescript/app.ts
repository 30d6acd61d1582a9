import { App, BootstraplessSynthesizer, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  AlternateContact,
  AlternateContactOverride,
  AlternateContactProvider,
  AlternateContacts,
  AlternateContactType,
  OrganizationAlternateContacts,
  OrganizationEventForwarder,
} from 'cdk-alternate-contact';
import { Construct } from 'constructs';

class ContactsStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { synthesizer: new BootstraplessSynthesizer() });

    // The account that the stack is deployed to. Its security contact stays, even if the stack is deleted.
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

    // A provider with other settings. The contacts above share the default provider.
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

class OrganizationStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { env: { region: 'eu-west-1' }, synthesizer: new BootstraplessSynthesizer() });

    // The operations contact of every account of the organization.
    new OrganizationAlternateContacts(this, 'Contacts', {
      operations: {
        name: 'Platform',
        title: 'On call',
        emailAddress: 'platform@example.com',
        phoneNumber: '+1 555 0104',
      },
      overrides: [
        // The accounts of one organizational unit have a different operations contact.
        AlternateContactOverride.forOrganizationalUnits(['ou-ab12-11111111'], {
          operations: {
            name: 'Research Lab',
            title: 'On call',
            emailAddress: 'lab@example.com',
            phoneNumber: '+1 555 0105',
          },
        }),
        // The stack above declares the contacts of this account.
        AlternateContactOverride.exclude(['111122223333']),
      ],
    });
  }
}

class EventsStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { env: { region: 'us-east-1' }, synthesizer: new BootstraplessSynthesizer() });

    // Organizations sends its events to us-east-1 of the management account only.
    new OrganizationEventForwarder(this, 'Forwarder', { targetRegion: 'eu-west-1' });
  }
}

const app = new App();
new ContactsStack(app, 'AlternateContacts');
new OrganizationStack(app, 'OrganizationContacts');
new EventsStack(app, 'OrganizationEvents');
app.synth();
