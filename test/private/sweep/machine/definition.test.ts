import { getLanguageService, TextDocument } from 'amazon-states-language-service';
import { definitionOf } from './shapes';
import { stateNamed } from './states';

// Its own types do not fit.
const aslValidator = jest.requireActual<(definition: object) => { isValid: boolean; errors: unknown[] }>('asl-validator');

const problemsOf = async (text: string) => {
  const service = getLanguageService({});
  const document = TextDocument.create('file://sweep.asl.json', 'asl', 1, text);
  return service.doValidation(document, service.parseJSONDocument(document), undefined);
};

test.each([true, false])('the static judges find nothing (enforce: %j)', async enforce => {
  const definition = definitionOf({ enforce });
  expect(aslValidator(definition)).toMatchObject({ isValid: true, errors: [] });
  expect(await problemsOf(JSON.stringify(definition, undefined, 2))).toEqual([]);
});

test('the static judges detect a missing state', async () => {
  const broken = JSON.stringify(definitionOf(), undefined, 2).replace(/"Next": "Another contact\?"/, '"Next": "Nowhere"');
  expect(await problemsOf(broken)).not.toEqual([]);
  expect(aslValidator(JSON.parse(broken.replace('"Type": "Wait"', '"Type": "Weight"')) as object).isValid).toBe(false);
});

test('every state has a name of its own that fits the console', () => {
  const names = [...JSON.stringify(definitionOf()).matchAll(/"([^"]+)":\{"Type":"(?:Pass|Wait|Task|Parallel|Map|Choice|Succeed|Fail)"/g)].map(match => match[1]);
  expect(names.length).toBeGreaterThan(40);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter(name => name.length > 60)).toEqual([]);
});

test.each([
  ['Set the contacts', 5, 'because each lane has a fifth of the quotas'],
  ['List accounts', 1, 'because each page leads to the next one'],
  ['Stop older sweeps', 2, 'because all state machines of the account share the quotas of Step Functions'],
])('%s runs %i children at a time, %s', (name, children) => {
  expect(stateNamed(name)).toMatchObject({ Type: 'Map', MaxConcurrency: children });
});

test('a child that fails does not end its round, because the accounts that it has not reported are tried again', () => {
  expect(stateNamed('Set the contacts')).toMatchObject({ ToleratedFailurePercentage: 100 });
});

test('no state deletes, and in report only mode none puts', () => {
  const resourcesOf = (enforce: boolean) => new Set([...JSON.stringify(definitionOf({ enforce })).matchAll(/aws-sdk:([\w:]+)/g)].map(match => match[1]));
  const reading = ['account:getAlternateContact', 'organizations:describeAccount', 'organizations:listAccounts',
    'sfn:describeExecution', 'sfn:listExecutions', 'sfn:startExecution', 'sfn:stopExecution'];
  expect([...resourcesOf(false)].sort()).toEqual(reading);
  expect([...resourcesOf(true)].sort()).toEqual(['account:getAlternateContact', 'account:putAlternateContact', ...reading.slice(1)]);
});

test('only the children hold contacts, because no history keeps them there', () => {
  const top = JSON.stringify(definitionOf().States, (key: string, value: unknown) => (key === 'ItemProcessor' ? undefined : value));
  expect(top).not.toContain('@example.com');
  expect(JSON.stringify(definitionOf())).toContain('finance@example.com');
});

test('no scope assigns a variable of a scope around it', () => {
  interface Assigning { Assign?: object }
  interface ScopedState extends Assigning { Choices?: Assigning[]; Catch?: Assigning[]; Branches?: Scope[]; ItemProcessor?: Scope }
  interface Scope { States: { [name: string]: ScopedState } }
  const clashes: string[] = [];
  const visit = (scope: Scope, outer: Set<string>) => {
    const own = new Set(Object.values(scope.States).flatMap(state =>
      [state, ...state.Choices ?? [], ...state.Catch ?? []].flatMap(({ Assign }) => Object.keys(Assign ?? {}))));
    own.forEach(name => outer.has(name) && clashes.push(name));
    Object.values(scope.States).forEach(state => [...state.Branches ?? [], ...state.ItemProcessor ? [state.ItemProcessor] : []]
      .forEach(inner => visit(inner, new Set([...outer, ...own]))));
  };
  visit(definitionOf() as unknown as Scope, new Set());
  expect(clashes).toEqual([]);
});
