import { App, InjectionContext, IPropertyInjector, PropertyInjectors, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { contactsOf, EVERYONE, SECURITY_CONTACT } from './contacts';
import { AlternateContact, AlternateContactProvider, AlternateContacts } from '../src';

/** Sets properties that a construct does not set itself, as a platform team does for all apps of a company. */
class Defaults implements IPropertyInjector {
  public readonly ids: string[] = [];

  constructor(public readonly constructUniqueId: string, private readonly defaults: object) {}

  public inject(props: object | undefined, { id }: InjectionContext): object {
    this.ids.push(id);
    return { ...this.defaults, ...props };
  }
}

const stackWith = (...injectors: IPropertyInjector[]) => new Stack(new App({ propertyInjectors: injectors }), 'Stack');
const policiesIn = (stack: Stack) => Object.values(contactsOf(stack)).map(({ DeletionPolicy }) => DeletionPolicy as unknown);
const RETAIN = { removalPolicy: RemovalPolicy.RETAIN };

test('a contact gets the properties that the app injects, and keeps those that it has', () => {
  const stack = stackWith(new Defaults(AlternateContact.PROPERTY_INJECTION_ID, RETAIN));
  new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
  new AlternateContact(stack, 'Deleted', { ...SECURITY_CONTACT, accountId: '222222222222', removalPolicy: RemovalPolicy.DESTROY });
  expect(policiesIn(stack)).toEqual(['Retain', 'Delete']);
});

test('the contacts of a set get what is injected for the set, and what is injected for each contact', () => {
  for (const { PROPERTY_INJECTION_ID } of [AlternateContacts, AlternateContact]) {
    const stack = stackWith(new Defaults(PROPERTY_INJECTION_ID, RETAIN));
    new AlternateContacts(stack, 'Contacts', { billing: EVERYONE.billing, security: EVERYONE.security });
    expect(policiesIn(stack)).toEqual(['Retain', 'Retain']);
  }
});

test('injected values are checked as those that are given', () => {
  const stack = stackWith(new Defaults(AlternateContact.PROPERTY_INJECTION_ID, { overwriteExisting: 'false' }));
  expect(() => new AlternateContact(stack, 'Contact', SECURITY_CONTACT)).toThrow('Stack/Contact: overwriteExisting must be true or false; got "false"');
});

test.each<[string, (stack: Stack) => unknown]>([
  ['a contact creates', stack => new AlternateContact(stack, 'Contact', SECURITY_CONTACT)],
  ['getOrCreate() creates', stack => AlternateContactProvider.getOrCreate(stack)],
  ['is defined without properties', stack => new AlternateContactProvider(stack, 'Provider')],
])('the provider that %s gets the properties that are injected', (_, define) => {
  const stack = stackWith(new Defaults(AlternateContactProvider.PROPERTY_INJECTION_ID, { logRetention: RetentionDays.ONE_YEAR, memorySize: 512 }));
  define(stack);
  Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { MemorySize: 512 });
});

test('the shared provider may be asked for by the properties that were given, and by those that were injected', () => {
  const stack = new Stack(new App(), 'Stack');
  const inject = { inject: (props: object) => ({ ...props, memorySize: 512 }), constructUniqueId: AlternateContactProvider.PROPERTY_INJECTION_ID };
  PropertyInjectors.of(stack).add(inject);
  const provider = AlternateContactProvider.getOrCreate(stack, { memorySize: 256 });
  for (const memorySize of [256, 512]) { expect(AlternateContactProvider.getOrCreate(stack, { memorySize })).toBe(provider); }
  expect(() => AlternateContactProvider.getOrCreate(stack, { memorySize: 128 })).toThrow('with another memorySize.');
});

test('a class that injectors change is still the class that it was', () => {
  const contact = new AlternateContact(stackWith(), 'Contact', SECURITY_CONTACT);
  expect(contact).toBeInstanceOf(AlternateContact);
  expect(AlternateContact.name).toBe('AlternateContact');
  expect(AlternateContact.PROPERTY_INJECTION_ID).toBe('cdk-alternate-contact.AlternateContact');
});
