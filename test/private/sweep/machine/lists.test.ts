import { evaluate, ids } from './evaluate';
import { afterFirst, first } from '../../../../src/private/sweep/machine/lists';

test.each([0, 1, 2, 3, 4])('the first two of %i items and the others make the list', async count => {
  const list = ids(count);
  expect(await evaluate(first('$list', 2), { list })).toEqual(list.slice(0, 2));
  expect(await evaluate(afterFirst('$list', 2), { list })).toEqual(list.slice(2));
});
