import { ACCOUNT, MachineBench, MEMBER, ORGANIZATIONS, rule } from './machine-bench';

test('a rule gets the event that its stack is complete or rolled back', async () => {
  const bench = await MachineBench.open();
  const own = rule({
    'source': ['aws.cloudformation'],
    'detail-type': ['CloudFormation Stack Status Change'],
    'detail': { 'stack-id': [{ Ref: 'AWS::StackId' }], 'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'] } },
  }, { InputPath: '$.detail.status-details.status' });
  await bench.deploy({ Own: own });
  await bench.clock.advance(10);
  await bench.deploy({ Own: own, Unlucky: { Type: 'AWS::SNS::Topic' } }, { fail: { Unlucky: 'Create' } });
  await bench.clock.until(bench.sandbox.deploy({ stackName: 'Other', account: ACCOUNT, template: { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } } }));
  await bench.clock.advance(10);
  expect(bench.inputs).toEqual(['CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']);
});

test('a rule gets no events before its delay has passed', async () => {
  const bench = await MachineBench.open({ eventBridge: { ruleDelaySeconds: 60 } });
  await bench.deploy({ Rule: rule(ORGANIZATIONS) });
  bench.sandbox.tree.createAccount();
  await bench.clock.advance(61);
  expect(bench.inputs).toEqual([]);
  bench.sandbox.tree.createAccount();
  await bench.clock.advance(1);
  expect(bench.inputs).toHaveLength(2); // two events tell of a new account
});

test('an input transformer puts the account into the input', async () => {
  const bench = await MachineBench.open();
  const target = {
    InputTransformer: { InputPathsMap: { id: '$.detail.serviceEventDetails.createAccountStatus.accountId' }, InputTemplate: '{"accountIds":[<id>],"text":"is \\"<id>\\""}' },
  };
  await bench.deploy({ Rule: rule({ ...ORGANIZATIONS, detail: { serviceEventDetails: { createAccountStatus: { state: ['SUCCEEDED'] } } } }, target) });
  const account = bench.sandbox.tree.createAccount();
  await bench.clock.advance(1);
  expect(bench.inputs).toEqual([{ accountIds: [account], text: `is "${account}"` }]);
});

test.each([
  ['accountId', '["999999999999"]', '999999999999 Invited'],
  ['account.accountId', '[]', '999999999999 Invited'],
  ['additionalEventData', '[]', '999999999999 Invited'],
  ['method only', '[]', ' Invited'],
  ['nowhere', '[]', ' '],
] as const)(
  'with the account that joined at %s, a value that the event does not have is left out', async (joinedAccountAt, list, text) => {
    const bench = await MachineBench.open({ standaloneAccounts: ['999999999999'], organizations: { joinedAccountAt } });
    const paths = {
      one: '$.detail.serviceEventDetails.accountId',
      two: '$.detail.serviceEventDetails.account.accountId',
      three: '$.detail.additionalEventData.accountId',
      how: '$.detail.serviceEventDetails.joinedMethod',
      how3: '$.detail.additionalEventData.joinedMethod',
    };
    const transformer = { InputPathsMap: paths, InputTemplate: '{"list":[<one>],"text":"<one><two><three> <how><how3>"}' };
    await bench.deploy({ Rule: rule(ORGANIZATIONS, { InputTransformer: transformer }) });
    bench.sandbox.tree.join('999999999999');
    await bench.clock.advance(1);
    expect(bench.inputs).toEqual([{ list: JSON.parse(list), text }]);
  });

test('a disabled rule, a deleted rule and a rule of another region start nothing', async () => {
  const bench = await MachineBench.open();
  await bench.deploy({ Rule: rule(ORGANIZATIONS, {}, { State: 'DISABLED' }) });
  bench.sandbox.tree.createAccount();
  await bench.deploy({ Rule: rule(ORGANIZATIONS) });
  await bench.deploy({});
  bench.sandbox.tree.createAccount();
  await bench.deploy({ Rule: rule(ORGANIZATIONS) }, { stackName: 'Elsewhere', region: 'eu-west-1' });
  bench.sandbox.tree.createAccount();
  await bench.clock.advance(10);
  expect(bench.inputs).toEqual([]);
});

test('the events of Organizations go to us-east-1 of the management account, from where a rule forwards them', async () => {
  const bench = await MachineBench.open();
  await bench.deploy({ Rule: rule(ORGANIZATIONS, { InputPath: '$.region' }) }, { region: 'eu-west-1' });
  await bench.deploy({ Forward: rule(ORGANIZATIONS, { Arn: `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/default` }) }, { stackName: 'Forwarder' });
  bench.sandbox.tree.moveAccount(MEMBER, bench.sandbox.tree.createOrganizationalUnit());
  await bench.clock.advance(10);
  expect(bench.inputs).toEqual(['us-east-1']);
});

test('a rule gets the event that an execution has ended', async () => {
  const bench = await MachineBench.open();
  await bench.deploy({ Rule: rule({ source: ['aws.states'], detail: { status: ['SUCCEEDED'] } }, { Arn: 'arn:aws:sns:us-east-1:111111111111:Topic', InputPath: '$.detail.input' }) });
  bench.sandbox.stepFunctions.start(bench.machineArn, { a: 1 });
  await bench.clock.advance(5);
  expect(bench.sandbox.deliveries.map(({ input }) => input)).toEqual(['{"a":1}']);
});
