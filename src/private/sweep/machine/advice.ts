/* What the causes of executions advise, as JSONata expressions. */

const ENABLE = 'aws organizations enable-aws-service-access --service-principal account.amazonaws.com';
const REGISTER = 'aws organizations register-delegated-administrator --service-principal account.amazonaws.com --account-id ';

/** What to do if Account Management has no trusted access. */
export const NO_TRUSTED_ACCESS =
  `'Account Management has no trusted access to the organization. In the management account run: ${ENABLE}.'`;

/** What to check if every account refuses, and nothing says why. */
export const MAY_NOT_READ = (ownAccount: string) => `'This account may not read the alternate contacts of other accounts. '
  & 'If it is not the management account, register it there: ${REGISTER}' & ${ownAccount} & '. '
  & 'Enable trusted access too: ${ENABLE}. Check that no service control policy denies account:GetAlternateContact.'`;

/** What to check if accounts refuse, and hardly one was set. */
export const ALL_REFUSED = (ownAccount: string) => `'If all accounts refuse, check in the management account that trusted access is enabled: ${ENABLE}. '
  & 'If this account is not the management account, check that it is registered: ${REGISTER}' & ${ownAccount} & '.'`;

/** What to do if the account is in no organization. */
export const NO_ORGANIZATION = `'This account is in no organization, so it has no accounts to list. '
  & 'Deploy the stack to the management account of the organization, or to the delegated administrator for account.amazonaws.com.'`;

/** What to do if the account may not list accounts. */
export const MAY_NOT_LIST = `'This account may not list the accounts of the organization. '
  & 'Deploy the stack to the management account, or to the delegated administrator for account.amazonaws.com. '
  & 'If it is there, allow the role of the state machine organizations:ListAccounts and organizations:DescribeAccount.'`;
