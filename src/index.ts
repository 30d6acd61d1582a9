export * from './alternate-contact';
export * from './alternate-contacts';
export * from './alternate-contact-provider';
