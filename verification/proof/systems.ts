import type { Template } from '../../sandbox';
import { Contender, ContenderId, labelOf, load, measuredOn } from '../contenders/contender';

/** What is put to the proof: a contender, or this library broken on purpose. */
export interface System extends Contender {
  readonly label: string;
  /** Changes the template before it is deployed: to break what the proof must then find broken. */
  transform?(template: Template): void;
}

function systemOf(id: ContenderId): System {
  return { label: labelOf(id), ...load(id) };
}

export const alternateContact = systemOf('ours');

/** This library, and what people use today. */
export function systems(): System[] {
  return measuredOn('proof').map(systemOf);
}
