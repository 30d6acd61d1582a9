import * as fc from 'fast-check';
import { live } from './life';
import { lives } from './lives';

/* The machine, broken on purpose. A generated organization must find each of these, or it would find no mistake of that kind. */
const BREAKS: { readonly title: string; readonly from: RegExp; readonly to: string }[] = [
  { title: 'the farthest unit counts, not the nearest', from: /\$above:=\$reverse\(\[/, to: '$above:=([' },
  { title: 'an exclusion does not count', from: /\[\$!='-'\]\],\['-'\]\)\[0\]/, to: "[$ != '-' and $ != 'x']], ['-'])[0]" },
  { title: 'the own account is named', from: /\$work\[\$at\]\.id=\$group\.ownAccount\?\{\}/g, to: 'false?{}' },
  { title: 'another title is no difference', from: /\$bare\(\$existing\.Title\)=\$bare\(\$declared\.Title\)/, to: 'true' },
  { title: 'accounts that are not active are set', from: /\$state!='ACTIVE'\?'notActive '&\$account\.Id:/g, to: '' },
  { title: 'an empty page ends the list', from: /\$exists\(\$states\.result\.NextToken\)and \$type/, to: '$count($states.result.Accounts) > 0 and $exists($states.result.NextToken) and $type' },
  { title: 'the accounts of a child that died are forgotten', from: /\{\$not\(\$contains\(\$done,/, to: '{false and $not($contains($done,' },
  { title: 'an account that refuses is not told', from: /\[\$append\(\$errors,\{'id':\$work\[\$at\]\.id,'error':\$states\.errorOutput\.Error\}\)\]/g, to: '$errors' },
  { title: "a service's words are kept", from: /'error':\$states\.errorOutput\.Error/g, to: "'error':$states.errorOutput.Cause" },
  { title: 'older sweeps go on', from: /\$not\(\$contains\(\$states\.result\.Input,.*?\/\)\)/, to: 'false' },
  { title: 'runs for named accounts are stopped', from: /\$not\(\$contains\(\$states\.result\.Input,.*?\/\)\)/, to: 'true' },
  { title: 'accounts that failed are not tried again', from: /\$count\(\[\$failed\.\*\]\)>0 and \$tries<\d/, to: 'false' },
  { title: 'the management account is not skipped', from: /\$isManagement and \$account\.Id!=\$order\.ownAccount\?/g, to: 'false?' },
  { title: 'an account that is tried again is counted at each try', from: /,\$errors\.id\);/, to: ',[]);' },
  { title: 'one type is forgotten', from: /\[0\.\.2\]\.\(/, to: '[0..1].(' },
  { title: 'everybody has the first contact', from: /\$contacts\[\$work\[\$at\]\.contact\]/g, to: '$contacts[0]' },
];

test.each(BREAKS)('is found: $title', async ({ from, to }) => {
  let broken = false;
  const transform = (definition: string) => definition.replace(from, () => {
    broken = true;
    return to;
  });
  const survives = fc.asyncProperty(lives, async life => (await live(life, transform)).length === 0);
  const { failed } = await fc.check(survives, { numRuns: 150, seed: 3, endOnFailure: true });
  expect(broken).toBe(true);
  expect(failed).toBe(true);
}, 300_000);
