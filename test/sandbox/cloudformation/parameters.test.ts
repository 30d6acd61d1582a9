import { topic } from './fixtures';
import { Sandbox, Template, VirtualClock } from '../../../sandbox';
import { openSandbox } from '../../open-sandbox';

const ACCOUNT = '111111111111';

let clock: VirtualClock;
let sandbox: Sandbox;

beforeEach(async () => {
  clock = new VirtualClock();
  sandbox = await openSandbox({ clock, managementAccount: ACCOUNT });
});
afterEach(() => sandbox.close());

const template = (Default?: string): Template => ({
  Parameters: { Name: { Type: 'String', Default } },
  Resources: { Topic: topic({ DisplayName: { Ref: 'Name' } }) },
  Outputs: { Name: { Value: { Ref: 'Name' } } },
});

async function deploy(of: Template, parameters?: Record<string, string>, previousParameters?: string[]): Promise<string> {
  const { outputs } = await clock.until(sandbox.deploy({ stackName: 'Stack', account: ACCOUNT, template: of, parameters, previousParameters }));
  return outputs.Name;
}

test('a parameter that is left out takes the default of the template, in an update too', async () => {
  expect(await deploy(template('first'))).toBe('first');
  expect(await deploy(template('first'), { Name: 'given' })).toBe('given');
  expect(await deploy(template('first'))).toBe('first');
  expect(await deploy(template('second'))).toBe('second');
});

test('a parameter without a default must be given, in an update too', async () => {
  expect(await deploy(template(), { Name: 'given' })).toBe('given');
  await expect(deploy(template())).rejects.toThrow('Parameters: [Name] must have values');
});

test('a parameter keeps its previous value if the update says so, also if that was the default', async () => {
  await deploy(template('first'));
  expect(await deploy(template('second'), {}, ['Name'])).toBe('first');
  await deploy(template('second'), { Name: 'given' });
  expect(await deploy(template('third'), {}, ['Name'])).toBe('given');
});

test('a parameter without a previous value cannot keep it', async () => {
  await deploy({ Resources: { Topic: topic() }, Outputs: { Name: { Value: 'none' } } });
  await expect(deploy(template('first'), {}, ['Name'])).rejects.toThrow(/^Invalid input for parameter key Name. Cannot specify usePreviousValue as true/);
});
