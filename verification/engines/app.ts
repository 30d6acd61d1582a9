import { App, Aws, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { CONTACTS, MEMBER_ACCOUNT, OWN_ACCOUNT, REGION, Shape, STACK_NAME } from './shapes';
import { AlternateContact, AlternateContactDetails, AlternateContactProvider, AlternateContactType } from '../../src';

const { BILLING, OPERATIONS, SECURITY } = AlternateContactType;

/** The contacts of the own account and of a member, in one of the shapes that the stack goes through. */
class ContactsStack extends Stack {
  constructor(scope: Construct, shape: Shape) {
    super(scope, STACK_NAME, {
      stackName: STACK_NAME,
      env: { account: OWN_ACCOUNT, region: REGION },
      // Nothing but a template: the account needs no bootstrap.
      synthesizer: new BootstraplessSynthesizer(),
    });
    const { alice, aliceEdited, bob, carol, dave } = CONTACTS;
    if (shape === 'initial' || shape === 'edited') {
      this.contact(this, 'First', SECURITY, shape === 'initial' ? alice : aliceEdited);
      this.contact(this, 'Second', BILLING, bob);
      this.contact(this, 'Member', SECURITY, carol, MEMBER_ACCOUNT);
      return;
    }
    const renamed = new Construct(this, 'Renamed');
    if (shape === 'renamed') {
      this.contact(renamed, 'Security', SECURITY, aliceEdited);
      this.contact(renamed, 'Billing', BILLING, bob);
    } else {
      this.contact(renamed, 'Security', BILLING, aliceEdited);
      if (shape === 'swapped') {
        this.contact(renamed, 'Billing', SECURITY, bob);
      }
    }
    if (shape === 'provider') {
      this.contact(renamed, 'Member', SECURITY, carol, MEMBER_ACCOUNT, new AlternateContactProvider(this, 'Provider'));
    } else {
      this.contact(renamed, 'Member', SECURITY, shape === 'failing' ? dave : carol, MEMBER_ACCOUNT);
    }
    if (shape === 'failing') {
      const before = [
        this.contact(this, 'New', OPERATIONS, dave),
        this.contact(this, 'TakenOver', BILLING, dave, MEMBER_ACCOUNT),
        renamed,
      ];
      // A value that only the deployment knows: the synthesizer cannot refuse it, the function does.
      const refused = { ...bob, phoneNumber: Aws.STACK_NAME };
      this.contact(this, 'Refused', OPERATIONS, refused, MEMBER_ACCOUNT).node.addDependency(...before);
    }
  }

  private contact(
    scope: Construct, id: string, alternateContactType: AlternateContactType, details: AlternateContactDetails, accountId?: string,
    provider?: AlternateContactProvider,
  ): AlternateContact {
    return new AlternateContact(scope, id, { alternateContactType, ...details, accountId, provider });
  }
}

const app = new App();
new ContactsStack(app, process.env.SHAPE as Shape);
app.synth();
