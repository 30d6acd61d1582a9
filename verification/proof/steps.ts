import { ContactDeclaration, Edit, Step } from './model';

/** The declaration of a contact that is added. */
type Addition = Omit<ContactDeclaration, 'path' | 'values'>;

/** The contact that tests add by default. */
export const ADDITION: Addition = {
  stack: 'One', account: { as: 'literal', id: '222222222222' }, type: 'SECURITY', retain: false, overwriteExisting: true, provider: 'default',
};

/** Adds a contact. A test gives only the values that matter to it. */
export function add(values: Partial<Addition> = {}): Edit {
  return { edit: 'add', declaration: { ...ADDITION, ...values } };
}

/** A deployment with these edits. */
export function step(edits: Edit[], more: Partial<Step> = {}): Step {
  return { edits, byHand: [], disturbances: [], ...more };
}
