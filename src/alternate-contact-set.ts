import { AlternateContactDetails } from './alternate-contact';

/**
 * Up to three alternate contacts, one per type. Leave a type out to declare nothing for it.
 */
export interface AlternateContactSet {
  /**
   * The contact for invoices, payments and other billing notices.
   * @default - not declared
   */
  readonly billing?: AlternateContactDetails;

  /**
   * The contact for notices about the availability of services.
   * @default - not declared
   */
  readonly operations?: AlternateContactDetails;

  /**
   * The contact for abuse reports, leaked keys and other security notices.
   * @default - not declared
   */
  readonly security?: AlternateContactDetails;
}
