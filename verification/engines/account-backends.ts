import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OWN_ACCOUNT, Workbench } from './workbench';
import { MEMBERS, REGION, STACK_NAME } from '../../demo/story';
import { AccountApi } from '../../sandbox/account/api';
import { ContactStore } from '../../sandbox/account/contacts';
import { ResolvedTemplate, Template } from '../../sandbox/cloudformation/template';
import type { Caller } from '../../sandbox/core/caller';
import { Clock } from '../../sandbox/core/clock';
import { Traffic } from '../../sandbox/core/traffic';
import { PolicyDocument } from '../../sandbox/iam/policy';
import { Iam } from '../../sandbox/iam/service';
import { Organization } from '../../sandbox/organizations/organization';
import { freePort, startServer } from '../tools/processes';

/** A server of the Account Management API. */
export interface AccountBackend {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * moto stores contacts and checks only their type. It has no organization, no permissions and no quotas, and the deletion of a missing contact
 * succeeds, where AWS answers ResourceNotFoundException.
 */
async function startMoto({ bin, env, directory }: Workbench): Promise<AccountBackend> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // It knows none of the callers: they all get this account.
  const settings = { ...env, MOTO_ACCOUNT_ID: OWN_ACCOUNT };
  const command = [join(bin, 'moto_server'), '--host', '127.0.0.1', '--port', String(port)];
  await startServer('moto', command, settings, `${url}/moto-api/`, join(directory, 'moto.log'));
  return { url, close: async () => undefined }; // endAll() ends the process
}

/** The sandbox has AWS's rules on values, on which caller may name which account, and on permissions, and it has the quotas. */
async function startSandbox({ directory }: Workbench): Promise<AccountBackend> {
  const clock = new Clock(1);
  const iam = new Iam(clock, 0);
  const organization = new Organization({ managementAccount: OWN_ACCOUNT, memberAccounts: MEMBERS });
  const trust = { Statement: [] }; // not checked
  iam.putRole(OWN_ACCOUNT, 'person', { trust, inline: new Map(), managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] });
  const api = new AccountApi(new Traffic(clock), organization, new ContactStore(clock, 0), iam, headers => {
    if (headers.authorization?.includes(`Credential=${OWN_ACCOUNT}/`)) { return caller('person'); }
    // ministack does not tell which role a session's key belongs to, so each function gets the policies of all roles of the stack.
    const inline = policiesOf(join(directory, 'cdk.out', `${STACK_NAME}.template.json`));
    iam.putRole(OWN_ACCOUNT, 'functions', { trust, inline, managedPolicyArns: [] });
    return caller('functions');
  }, { quotas: 'documented' });
  return {
    url: await api.start(),
    close: async () => {
      await api.close();
      clock.close();
    },
  };
}

function caller(roleName: string): Caller {
  const arn = `arn:aws:sts::${OWN_ACCOUNT}:assumed-role/${roleName}/integration`;
  return { account: OWN_ACCOUNT, partition: 'aws', roleName, functionName: roleName, arn };
}

/** The inline policies of the roles in the template that was synthesized last. */
function policiesOf(path: string): Map<string, PolicyDocument> {
  const template = new ResolvedTemplate(JSON.parse(readFileSync(path, 'utf8')) as Template, {
    account: OWN_ACCOUNT, region: REGION, stackName: STACK_NAME, stackId: '', parameters: {}, importValue: () => '',
  });
  const roles = [...template.resources].filter(([, { Type }]) => Type === 'AWS::IAM::Role');
  return new Map(roles.flatMap(([logicalId]) => {
    const { Policies = [] } = template.properties(logicalId, () => 'unresolved') as { Policies?: { PolicyDocument: PolicyDocument }[] };
    return Policies.map((policy, index) => [`${logicalId}${index}`, policy.PolicyDocument] as const);
  }));
}

export const BACKENDS = { moto: startMoto, sandbox: startSandbox };
