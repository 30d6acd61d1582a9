/** A control of the comparison: a machine that is broken on purpose, and the part of the comparison that must show it. */
export interface Control {
  readonly what: string;
  readonly find: string;
  readonly replace: string;
  readonly differs: readonly ('contacts' | 'outcome' | 'history')[];
}

export const CONTROLS: readonly Control[] = [
  { what: 'counts changes as contacts', find: "'contacts':$totals.contacts,", replace: "'contacts':$totals.changes,", differs: ['outcome'] },
  {
    what: 'has one more state',
    find: '"StartAt":"Read the input","States":{',
    replace: '"StartAt":"Idle","States":{"Idle":{"Type":"Pass","Next":"Read the input"},',
    differs: ['history'],
  },
  { what: 'puts nothing', find: '"Next":"Put the contact"', replace: '"Next":"Keep to the request quotas"', differs: ['contacts', 'outcome'] },
  {
    what: 'takes the farthest unit for the nearest',
    find: '$append([$account.Id],$above)',
    replace: '$append([$account.Id],$reverse($above))',
    differs: ['contacts', 'outcome'],
  },
];
