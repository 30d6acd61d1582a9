import { wrongNames } from './names';
import { definitionOf, SHAPES } from './shapes';

test.each(SHAPES)('every name in the definition stands for something: %j', async shape => {
  expect(await wrongNames(definitionOf(shape))).toEqual([]);
});

describe('a mistake is found:', () => {
  test.each<[title: string, correct: string, mistake: string, problem: RegExp]>([
    ['a misspelt variable', '$at>=$count($work)', '$at>=$count($wrok)', /^Another contact\?\.Choices\.0\.Condition: \$wrok is never assigned$/],
    ['a misspelt variable in Assign', '"gets":"{% $gets+1 %}"', '"gest":"{% $gets+1 %}"', /^\$gest is never read$/],
    ['a misspelt function', '$floor($max(', '$flor($max(', /^Keep to the request quotas\.Seconds: \$flor is never assigned$/],
    ['a function that Step Functions refuses', '$exists($states.input.afterSeconds) ', "$eval('1') ", /\$eval is never assigned$/],
    ['a misspelt name within an expression', "'id':$parts[0]", "'id':$prats[0]", /^Take the accounts\.Assign\.work: \$prats is never assigned$/],
    ['a misspelt parameter of a function', 'function($value){$replace($value', 'function($value){$replace($valeu', /^Is it as declared\?.* \$valeu is never assigned$/],
    ['a name that is used before it is defined', '$perLane:=', '$a:=$perLane;$perLane:=', /^Set the contacts\.Items: \$perLane is never assigned$/],
    ['a variable of the execution in a child', '$work[$at].id=$group.ownAccount', '$work[$at].id=$own', /^Get the contact\.Arguments: \$own is never assigned$/],
    ['a misspelt member of $states', '$states.result.AlternateContact', '$states.reslut.AlternateContact', /^Get the contact\.Assign\.existing: \$states\.reslut does not exist here$/],
    ['a result where there is none yet', '{% $states.input.afterSeconds %}', '{% $states.result %}', /^Wait until .*\.Seconds: \$states\.result does not exist here$/],
    ['an error outside of Catch', '{% $states.input.afterSeconds %}', '{% $states.errorOutput.Error %}', /\$states\.errorOutput does not exist here$/],
    ['$states without a member', '{% $states.input.afterSeconds %}', '{% $count($states) %}', /^Wait until .*\.Seconds: \$states is never assigned$/],
    ['an expression without its marks', '{% $at+1 %}', '$at+1', /^Keep to the request quotas\.Assign\.at: \$at\+1 is not in an expression$/],
    ['an expression with half its marks', '{% $at+1 %}', '{% $at+1', /^Keep to the request quotas\.Assign\.at: \{% \$at\+1 is not in an expression$/],
    ['a variable in the name of a member', '"AccountId":"{% $ids[0] %}"', '"AccountId.$":"{% $ids[0] %}", "$ids":1', /^Look up the account\.Arguments: \$ids is not in an expression$/],
    ['a variable in a string', "' accounts could not be set.'", "' of $accounts could not be set.'", /^Some accounts could not be set\.Cause: .* is not in an expression$/],
    ['a constant that is not inserted', "'ACTIVE'", "'${ACTIVE}'", /\$\{ACTIVE\} is not in an expression$/],
    ['an expression that does not parse', '{% $at+1 %}', '{% $at+ %}', /^Keep to the request quotas\.Assign\.at: /],
  ])('%s', async (_, correct, mistake, problem) => {
    const text = JSON.stringify(definitionOf());
    expect(text).toContain(correct);
    const problems = await wrongNames(JSON.parse(text.replace(correct, () => mistake)) as object);
    expect(problems).toEqual(expect.arrayContaining([expect.stringMatching(problem)]));
  });
});
