import { Assumption, HARMLESS, NEEDS_CLOSED_ACCOUNT, NEEDS_ORGANIZATION, NEEDS_SCALE } from './assumption';

export const ACCOUNT_MANAGEMENT: readonly Assumption[] = [
  {
    id: 'A-20',
    assumed: 'The order of the checks of a call: credentials, the scope of the signature, the quota, validation, IAM, '
      + 'trusted access, the organization, existence.',
    by: 'sandbox',
    otherwise: 'Where a call has two faults, the error is another one.',
    decidedBy: HARMLESS,
  },
  {
    id: 'A-21',
    assumed: 'Without trusted access, and for an account outside the organization, the service denies the call and names no cause.',
    by: 'library',
    otherwise: 'The function does not try again for a minute, and its advice does not name trusted access.',
    decidedBy: NEEDS_ORGANIZATION,
  },
  {
    id: 'A-22',
    assumed: 'The contacts of a closed account can be read (steampipe-plugin-aws #1309), and a change is denied without a '
      + 'cause, as for an account that has left the organization.',
    by: 'sandbox',
    otherwise: 'A sweep reports closed accounts with another error. It leaves out those that Organizations calls suspended.',
    decidedBy: NEEDS_CLOSED_ACCOUNT,
  },
  {
    id: 'A-23',
    assumed: 'The patterns of the API model are anchored, and their \\s and \\d are ASCII.',
    by: 'library',
    otherwise: 'A value that synthesis accepts is refused at deployment, or the reverse.',
    decidedBy: { nothing: 'it would take hundreds of puts, of values that may be refused' },
  },
  {
    id: 'A-24',
    assumed: 'The condition key account:AlternateContactTypes has several values. Without ForAnyValue or ForAllValues a '
      + 'condition on it never matches.',
    by: 'sandbox',
    otherwise: 'A policy that the sandbox denies is allowed. The policies of the library use ForAnyValue.',
    decidedBy: HARMLESS,
  },
  {
    id: 'A-25',
    assumed: 'A read sees the changes to a contact in their order, a while after they were made.',
    by: 'library',
    otherwise: 'The second read of a Create with overwriteExisting: false may miss that a contact was overwritten.',
    decidedBy: { nothing: 'no number of reads proves it' },
  },
  {
    id: 'A-26',
    assumed: 'A call that is throttled takes a token, or does not: the sandbox can do both.',
    by: 'sandbox',
    otherwise: 'Large deployments are faster or slower.',
    decidedBy: { nothing: 'an account that others use would be throttled' },
  },
  {
    id: 'A-27',
    assumed: "Lambda's runtime has @aws-sdk/client-account, and reaches account.us-east-1.amazonaws.com without configuration.",
    by: 'library',
    otherwise: 'No contact can be set.',
    decidedBy: 'create',
  },
  {
    id: 'A-28',
    assumed: 'A put replaces a contact that was set by hand, with all its members.',
    by: 'library',
    otherwise: 'A contact that is taken over keeps former values.',
    decidedBy: 'take-over',
  },
  {
    id: 'A-29',
    assumed: 'A new account cannot be accessed for some minutes ("you might need to wait a few minutes", CreateAccount). '
      + 'Until then, a call is denied without a cause.',
    by: 'library',
    otherwise: 'The function does not try long enough, and the vending stack rolls back.',
    decidedBy: { nothing: 'an account would have to be created' },
  },
];

export const ORGANIZATIONS: readonly Assumption[] = [
  {
    id: 'A-30',
    assumed: 'Organizations lists one page of accounts per second, and allows bursts of three lists.',
    by: 'library',
    otherwise: 'Lists are throttled and tried again, so the sweep is slower.',
    decidedBy: NEEDS_SCALE,
  },
  {
    id: 'A-31',
    assumed: 'The NextToken of ListAccounts stays valid while a round is swept: about 25 minutes, in China two hours.',
    by: 'library',
    otherwise: 'The sweep ends with AccountsNotListed, and the accounts after that page are not reached.',
    decidedBy: NEEDS_SCALE,
  },
  {
    id: 'A-32',
    assumed: 'An account that moves between two pages does not make the token of ListAccountsForParent invalid.',
    by: 'sandbox',
    otherwise: 'The list of a unit fails and is tried again.',
    decidedBy: NEEDS_SCALE,
  },
  {
    id: 'A-33',
    assumed: 'A closed account had the Status SUSPENDED, and one in PENDING_ACTIVATION the Status ACTIVE.',
    by: 'library',
    otherwise: 'Where Step Functions returns no State, closed accounts are swept and fail, or new ones are left out.',
    decidedBy: NEEDS_CLOSED_ACCOUNT,
  },
];

export const IAM: readonly Assumption[] = [
  {
    id: 'A-35',
    assumed: 'A denial names an explicit Deny first, then the kind of policy that does not allow the action.',
    by: 'sandbox',
    otherwise: 'The advice on a denial is less precise.',
    decidedBy: HARMLESS,
  },
  {
    id: 'A-36',
    assumed: 'The permissions of a new or changed role propagate within a minute. Until then, the denial names no cause, or '
      + 'that nothing allows the action.',
    by: 'library',
    otherwise: 'The first deployment fails. The next one succeeds.',
    decidedBy: 'create',
  },
  {
    id: 'A-34',
    assumed: 'IAM understands the actions, the resources and the condition keys of the policies.',
    by: 'library',
    otherwise: 'The function or the sweep is denied what it needs, or allowed more than it needs.',
    decidedBy: 'validate-policies',
  },
  {
    id: 'A-37',
    assumed: 'A rule or a schedule is refused if its service may not assume the role. If the role loses the trust later, nothing is started.',
    by: 'sandbox',
    otherwise: 'A deployment succeeds that fails in the sandbox. The roles of the library have that trust.',
    decidedBy: HARMLESS,
  },
];

export const LAMBDA: readonly Assumption[] = [
  {
    id: 'A-38',
    assumed: 'The interval after which a throttled event is tried again doubles, times a random number from 1 to 2.',
    by: 'sandbox',
    otherwise: 'Deployments of more contacts than Lambda may run at once are faster or slower.',
    decidedBy: { nothing: 'the limit of concurrent executions of an account in use would have to be reached' },
  },
  {
    id: 'A-39',
    assumed: 'The response to the presigned URL needs no Content-Type, and is refused with one.',
    by: 'library',
    otherwise: 'No deployment ends before its timeout.',
    decidedBy: 'create',
  },
];
