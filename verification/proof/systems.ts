import type { Template } from '../../sandbox';
import { Contender, ContenderId, labelOf, load, measuredOn } from '../contenders/contender';

/** A system that the proof tests: a contender, or this library broken on purpose. */
export interface System extends Contender {
  readonly label: string;
  /** Changes the template before it is deployed. This is how the library is broken on purpose. */
  transform?(template: Template): void;
}

function systemOf(id: ContenderId): System {
  return { label: labelOf(id), ...load(id) };
}

export const alternateContact = systemOf('ours');

/** This library and the contenders. */
export function systems(): System[] {
  return measuredOn('proof').map(systemOf);
}
