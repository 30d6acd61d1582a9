import { App, BootstraplessSynthesizer, CfnStackSet, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DEFAULTS } from './contacts';
import { AlternateContacts } from '../../src'; // in your app: from 'cdk-alternate-contact'

/** Sets the contacts of every account in an organizational unit from inside that account, even if it joins later. */
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
 * Returns the template for one account. It needs no assets, so the stack set takes it as text. The contacts are retained, because an account that
 * moves to another organizational unit may get the new contacts before the old ones are deleted.
 */
function contactsTemplate(): object {
  const stack = new Stack(new App(), 'Contacts', { synthesizer: new BootstraplessSynthesizer() });
  new AlternateContacts(stack, 'Contacts', { ...DEFAULTS, removalPolicy: RemovalPolicy.RETAIN });
  return (stack.node.root as App).synth().getStackByName(stack.stackName).template as object;
}
