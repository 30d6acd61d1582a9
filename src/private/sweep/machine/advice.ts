/* The advice in the causes of failed executions, as JSONata expressions. */

const ENABLE = 'aws organizations enable-aws-service-access --service-principal account.amazonaws.com';
const REGISTER = 'aws organizations register-delegated-administrator --service-principal account.amazonaws.com --account-id ';

/** For an organization without trusted access for Account Management. */
export const NO_TRUSTED_ACCESS =
  `'Account Management has no trusted access to the organization. In the management account run: ${ENABLE}.'`;

/** For members that all refuse to be read, and do not say why. */
export const MAY_NOT_READ = (ownAccount: string) => `'This account may not read the alternate contacts of other accounts. '
  & 'If it is not the management account, register it there: ${REGISTER}' & ${ownAccount} & '. '
  & 'Enable trusted access too: ${ENABLE}. Check that no service control policy denies account:GetAlternateContact.'`;

/** For accounts that refuse, when hardly one was set. */
export const ALL_REFUSED = (ownAccount: string) => `'If all accounts refuse, check in the management account that trusted access is enabled: ${ENABLE}. '
  & 'If this account is not the management account, check that it is registered: ${REGISTER}' & ${ownAccount} & '.'`;

/** For an account outside of any organization. */
export const NO_ORGANIZATION = `'This account is in no organization, so it has no accounts to list. '
  & 'Deploy the stack to the management account of the organization, or to the delegated administrator for account.amazonaws.com.'`;

/** For an account that may not list accounts. */
export const MAY_NOT_LIST = `'This account may not list the accounts of the organization. '
  & 'Deploy the stack to the management account, or to the delegated administrator for account.amazonaws.com. '
  & 'If it is there, allow the role of the state machine organizations:ListAccounts and organizations:DescribeAccount.'`;
