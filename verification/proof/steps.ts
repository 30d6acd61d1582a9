import { ContactDeclaration, Edit, Step } from './model';

/** What an app says of a contact that it adds. */
type Addition = Omit<ContactDeclaration, 'path' | 'values'>;

/** The contact that tests add, unless they say otherwise. */
export const ADDITION: Addition = {
  stack: 'One', account: { as: 'literal', id: '222222222222' }, type: 'SECURITY', retain: false, overwriteExisting: true, provider: 'default',
};

/** Adds a contact, of which a test says only what matters to it. */
export function add(values: Partial<Addition> = {}): Edit {
  return { edit: 'add', declaration: { ...ADDITION, ...values } };
}

/** A deployment with these edits. */
export function step(edits: Edit[], more: Partial<Step> = {}): Step {
  return { edits, byHand: [], disturbances: [], ...more };
}
