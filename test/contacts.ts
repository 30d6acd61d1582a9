import { App, Names, Stack, StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { AlternateContact, AlternateContactProvider, AlternateContactType } from '../src';

/* Contacts that tests declare, and the stacks that hold them. */

/** The values of a contact, each made from the name. */
export const contact = (name: string) => ({ name, title: 'On call', emailAddress: `${name}@example.com`, phoneNumber: '+1 555 0100' });
export const EVERYONE = { billing: contact('finance'), operations: contact('platform'), security: contact('soc') };
export const SECURITY_CONTACT = { alternateContactType: AlternateContactType.SECURITY, ...contact('security') };

/** As many account ids, none of them the stack's. */
export const accounts = (count: number) => Array.from({ length: count }, (_, i) => String(200000000000 + i));

export const ENV = { account: '111111111111', region: 'eu-west-1' };
export const stackIn = (account?: string, app: Construct = new App(), id = 'Stack') => new Stack(app, id, account ? { env: { ...ENV, account } } : {});

/** A stack with a provider and no contacts. */
export function stackWithProvider(props?: StackProps): Stack {
  const stack = new Stack(new App(), 'Stack', props);
  AlternateContactProvider.getOrCreate(stack);
  return stack;
}

/** A stack that a stack set deploys. As StackSetStack of cdk-stacksets, it names its template so. */
export class StackSetStack extends Stack {
  public readonly templateFile = `${Names.uniqueId(this)}.stackset.template.json`;
}

/** Declares a billing contact for as many accounts. */
export function declareMany(scope: Construct, count: number, provider?: AlternateContactProvider): void {
  accounts(count).forEach((accountId, i) =>
    new AlternateContact(scope, `C${i}`, { ...contact('team'), alternateContactType: AlternateContactType.BILLING, accountId, provider }));
}

export const contactsOf = (stack: Stack) => Template.fromStack(stack).findResources('Custom::AlternateContact');
export const logicalIdsOf = (stack: Stack) => Object.keys(contactsOf(stack)).sort();
