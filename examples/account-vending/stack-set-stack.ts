import { App, BootstraplessSynthesizer, CfnStackSet, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
// In an app of your own: from 'cdk-alternate-contact'
import { DEFAULTS } from './contacts';
import { AlternateContacts } from '../../src';

/** Sets the contacts from inside every account of an organizational unit, those that join it later included. */
export class ContactsStackSet extends Stack {
  constructor(scope: Construct, id: string, organizationalUnitId: string) {
    super(scope, id, { synthesizer: new BootstraplessSynthesizer() });

    new CfnStackSet(this, 'Contacts', {
      stackSetName: 'alternate-contacts',
      description: 'The alternate contacts of the account',
      permissionModel: 'SERVICE_MANAGED',
      autoDeployment: { enabled: true, retainStacksOnAccountRemoval: true },
      capabilities: ['CAPABILITY_IAM'],
      managedExecution: { Active: true },
      stackInstancesGroup: [{ deploymentTargets: { organizationalUnitIds: [organizationalUnitId] }, regions: ['us-east-1'] }],
      templateBody: JSON.stringify(contactsTemplate()),
    });
  }
}

/**
 * The template of one account: it needs no assets, so it can be handed to the stack set as text. An account that moves between organizational
 * units may get the contacts of the new one before those of the old one are deleted, so they are retained.
 */
function contactsTemplate(): object {
  const stack = new Stack(new App(), 'Contacts', { synthesizer: new BootstraplessSynthesizer() });
  new AlternateContacts(stack, 'Contacts', { ...DEFAULTS, removalPolicy: RemovalPolicy.RETAIN });
  return (stack.node.root as App).synth().getStackByName(stack.stackName).template as object;
}
