import { Failure } from './failure';
import { type ContactProperties, RULES, unmetRequirement } from '../src/private/contract';

/** The properties that CloudFormation reads itself. */
const FRAME = ['ServiceToken', 'ServiceTimeout'];

/** A regular expression, because CloudFormation would resolve a string like this in the function's own code, which is in the template. */
const DYNAMIC_REFERENCE = /\{\{resolve:/;

/**
 * Checks the properties once more: tokens were not known at synthesis, and a template can be written by hand.
 *
 * @throws Failure that names each property and its rule, but not its value, which is personal
 */
export function validProperties(properties: { [property: string]: unknown }): ContactProperties {
  const names = Object.keys(properties).filter(property => !FRAME.includes(property));
  const errors = [
    ...names.filter(property => !Object.hasOwn(RULES, property)).map(property => `unknown property ${property}`),
    ...Object.keys(RULES).filter(property => !RULES[property].isOptional && !names.includes(property)).map(property => `${property} is missing`),
    ...names.filter(property => Object.hasOwn(RULES, property)).flatMap(property => {
      const rule = unmetRequirement(property, properties[property]);
      return rule ? [`${property} must be ${rule}`] : [];
    }),
    // CloudFormation resolves no secure reference here. A name could be one as it stands.
    ...names.filter(property => DYNAMIC_REFERENCE.test(String(properties[property]))).map(property => `${property} is a dynamic reference that was not resolved`),
  ];
  if (errors.length > 0) { throw new Failure(`Nothing was changed: ${errors.join('. ')}`); }
  return properties as unknown as ContactProperties;
}
