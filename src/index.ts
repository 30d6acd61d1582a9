export * from './alternate-contact';
export * from './alternate-contacts';
export * from './alternate-contact-provider';
export * from './alternate-contact-override';
export * from './organization-alternate-contacts';
export * from './organization-event-forwarder';
