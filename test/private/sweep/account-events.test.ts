import { SOC, templateOf } from './fixtures';
import { MANAGEMENT, OrganizationHarness, SHOP } from './harness';
import { EVERYONE } from '../../contacts';

let organization: OrganizationHarness;
afterEach(() => organization?.sandbox.close());

interface InputTransformer { InputTemplate: string; InputPathsMap: { [name: string]: string } }
interface AccountRule { Properties: { EventPattern: { detail: { eventName?: string[] } }; Targets: { InputTransformer?: InputTransformer }[] } }

test('the machine receives only the id of an account, and how it joined', () => {
  const rules = Object.values(templateOf().findResources('AWS::Events::Rule')) as AccountRule[];
  const inputs = rules.flatMap(({ Properties: { EventPattern, Targets } }) => Targets.flatMap(({ InputTransformer: input }) => input
    ? [[EventPattern.detail.eventName?.join(), input.InputTemplate.replace(/<[^>]+>/g, '<>'), Object.values(input.InputPathsMap)]] : []));
  const details = '$.detail.serviceEventDetails';
  expect(inputs).toEqual([
    ['CreateAccountResult', '{"accountIds":[<>]}', [`${details}.createAccountStatus.accountId`]],
    ['AccountJoinedOrganization', '{"joined":"<> <> <> <> <> <> <>"}', expect.any(Array)],
    ['MoveAccount', '{"accountIds":[<>]}', ['$.detail.requestParameters.accountId']],
    ['CreateManagedAccount', '{"accountIds":[<>]}', [`${details}.createManagedAccountStatus.account.accountId`]],
    ['UpdateManagedAccount', '{"accountIds":[<>]}', [`${details}.updateManagedAccountStatus.account.accountId`]],
  ]);
  expect(inputs.flatMap(([, , paths]) => paths as string[]).filter(path => !/\.(accountId|joinedMethod)$/.test(path))).toEqual([]);
});

test('the rule for joined accounts leaves created accounts to the event about their creation', () => {
  const pattern = { joinedMethod: [{ 'anything-but': ['Created', 'CREATED'] }, { exists: false }] };
  templateOf().hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { detail: { eventName: ['AccountJoinedOrganization'], serviceEventDetails: pattern, requestParameters: pattern, responseElements: pattern } },
  });
});

test('no rule follows accounts if followAccountEvents is false', () => {
  templateOf({ ...SOC, followAccountEvents: false }).resourceCountIs('AWS::Events::Rule', 1);
});

describe.each(['accountId', 'account.accountId', 'method only'] as const)('if AccountJoinedOrganization has the id of the account at %s,', joinedAccountAt => {
  test('an account that is created starts one run, for itself alone', async () => {
    organization = await OrganizationHarness.start(EVERYONE, { organizations: { joinedAccountAt } });
    const before = organization.sweeps.length;
    organization.sandbox.tree.createAccount('555555555555');
    await organization.settle();
    expect(organization.sweeps.slice(before).map(({ input }) => input)).toEqual([{ accountIds: ['555555555555'] }]);
    expect(organization.contactsOf('555555555555')).toEqual(['finance', 'platform', 'soc']);
  });

  test('an account that joins by invitation gets its contacts', async () => {
    organization = await OrganizationHarness.start(EVERYONE, { organizations: { joinedAccountAt }, standaloneAccounts: ['666666666666'] });
    organization.sandbox.tree.join('666666666666');
    await organization.settle();
    expect(organization.contactsOf('666666666666')).toEqual(['finance', 'platform', 'soc']);
  });
});

describe('nothing starts', () => {
  const startedBy = async (happen: () => unknown) => {
    organization = await OrganizationHarness.start();
    const before = organization.sandbox.deliveries.length;
    await happen();
    await organization.settle();
    return organization.sandbox.deliveries.slice(before).map(({ input }) => input);
  };

  test('when the creation of an account fails', async () => {
    expect(await startedBy(() => organization.sandbox.tree.failToCreateAccount())).toEqual([]);
  });

  test('when a move of an account is refused', async () => {
    expect(await startedBy(() => organization.sandbox.tree.moveAccount(SHOP, organization.sandbox.tree.root))).toEqual([]);
  });

  test('when another stack is deployed', async () => {
    const template = { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } };
    expect(await startedBy(() => organization.clock.until(
      organization.sandbox.deploy({ stackName: 'Other', account: MANAGEMENT, region: 'us-east-1', template })))).toEqual([]);
  });
});

test('a move starts a run for the account alone', async () => {
  organization = await OrganizationHarness.start();
  const before = organization.sweeps.length;
  organization.sandbox.tree.moveAccount(SHOP, organization.sandbox.tree.createOrganizationalUnit());
  await organization.settle();
  expect(organization.sweeps.slice(before).map(({ input }) => input)).toEqual([{ accountIds: [SHOP] }]);
});

test.each([
  ['CreateManagedAccount', 'createManagedAccountStatus'],
  ['UpdateManagedAccount', 'updateManagedAccountStatus'],
])('the event %s of Control Tower starts a run for its account if it succeeded, and nothing if it failed', async (eventName, status) => {
  organization = await OrganizationHarness.start();
  const before = organization.sweeps.length;
  for (const [accountId, state] of [[SHOP, 'FAILED'], ['333333333333', 'SUCCEEDED']]) {
    organization.sandbox.eventBridge.put(MANAGEMENT, 'us-east-1', {
      'source': 'aws.controltower',
      'detail-type': 'AWS Service Event via CloudTrail',
      'detail': {
        eventSource: 'controltower.amazonaws.com',
        eventName,
        serviceEventDetails: { [status]: { account: { accountName: 'shop', accountId }, state } },
      },
    });
  }
  await organization.settle();
  expect(organization.sweeps.slice(before).map(({ input }) => input)).toEqual([{ accountIds: ['333333333333'] }]);
});
