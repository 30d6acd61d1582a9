import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { Levels, Level } from './model';
import { CONTACT_TYPES, ContactType, StoredContact, Template } from '../../../sandbox';
import { VALUES } from '../../../sandbox/account/contacts';
import { AlternateContactDetails, AlternateContactOverride, AlternateContactSet, OrganizationAlternateContacts, SweepMode } from '../../../src';
import { detailsFrom } from '../../tools/details';

/** Stands for a contact. Each of its values contains a word that `leaks` searches for. */
export type Person = number;

/** Changes the text of a definition before it is deployed. This is how the machine is broken on purpose. */
export type Transform = (definition: string) => string;

export interface Deployment {
  readonly account: string;
  readonly region: string;
  readonly reportOnly: boolean;
  readonly declaration: Levels;
  readonly transform: Transform;
  /** Whether a resource fails after all others. */
  readonly fails: boolean;
}

/** Synthesizes the stack that declares the contacts. */
export function synthesize({ account, region, reportOnly, declaration, transform, fails }: Deployment): Template {
  const app = new App();
  const stack = new Stack(app, 'Contacts', { env: { account, region }, synthesizer: new BootstraplessSynthesizer() });
  const { default: everyone, ...overrides } = declaration;
  const contacts = new OrganizationAlternateContacts(stack, 'Contacts', {
    ...setOf(everyone), mode: reportOnly ? SweepMode.REPORT_ONLY : SweepMode.ENFORCE,
  });
  for (const [target, level] of Object.entries(overrides)) {
    contacts.addOverride(level === 'excluded' ? AlternateContactOverride.exclude([target])
      : /^\d/.test(target) ? AlternateContactOverride.forAccounts([target], setOf(level))
        : AlternateContactOverride.forOrganizationalUnits([target], setOf(level)));
  }
  const template = app.synth().getStackByName('Contacts').template as Template;
  const resources = template.Resources ?? {};
  for (const { Type, Properties } of Object.values(resources)) {
    if (Type === 'AWS::StepFunctions::StateMachine' && Properties) {
      const { 'Fn::Join': [separator, parts] } = Properties.DefinitionString as { 'Fn::Join': [string, unknown[]] };
      Properties.DefinitionString = { 'Fn::Join': [separator, parts.map(part => typeof part === 'string' ? transform(part) : part)] };
    }
  }
  if (fails) {
    const dependencies = Object.keys(resources);
    return { ...template, Resources: { ...resources, Unlucky: { Type: 'AWS::SNS::Topic', DependsOn: dependencies } } };
  }
  return template;
}

export function storedContact(type: ContactType, person: Person): StoredContact {
  return {
    AlternateContactType: type,
    EmailAddress: `personal.${person}@example.com`,
    Name: `Personal ${person}`,
    PhoneNumber: `+1 555 ${String(person).padStart(4, '0')}`,
    Title: `Personal title ${person}`,
  };
}

function setOf(level: Level): AlternateContactSet {
  const details = (type: ContactType): AlternateContactDetails | undefined => {
    const contact = level === 'excluded' ? undefined : level[type];
    return contact && detailsFrom(contact);
  };
  return { billing: details('BILLING'), operations: details('OPERATIONS'), security: details('SECURITY') };
}

export function same(one: StoredContact | undefined, other: StoredContact | undefined): boolean {
  const values = (contact?: StoredContact) => contact && CONTACT_TYPES.includes(contact.AlternateContactType)
    && [contact.AlternateContactType, ...VALUES.map(value => contact[value])];
  return JSON.stringify(values(one)) === JSON.stringify(values(other));
}
