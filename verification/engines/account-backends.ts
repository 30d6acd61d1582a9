import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolve } from './intrinsics';
import { OWN_ACCOUNT, Workbench } from './workbench';
import { MEMBERS, STACK_NAME } from '../../demo/story';
import { AccountApi } from '../../sandbox/account/api';
import { ContactStore } from '../../sandbox/account/contacts';
import type { Caller } from '../../sandbox/core/caller';
import { Clock } from '../../sandbox/core/clock';
import { Traffic } from '../../sandbox/core/traffic';
import { PolicyDocument } from '../../sandbox/iam/policy';
import { Iam } from '../../sandbox/iam/service';
import { Organization } from '../../sandbox/organizations/organization';
import { freePort, startServer } from '../tools/processes';

/** Who answers the Account Management API. */
export interface AccountBackend {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * By another project. It stores contacts and looks at nothing but their type: no organization, no permissions, no quotas, and to delete a
 * contact that is not there succeeds, where AWS answers ResourceNotFoundException.
 */
async function startMoto({ bin, env, directory }: Workbench): Promise<AccountBackend> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // The account of the callers that it does not know, which are all.
  const settings = { ...env, MOTO_ACCOUNT_ID: OWN_ACCOUNT };
  const command = [join(bin, 'moto_server'), '--host', '127.0.0.1', '--port', String(port)];
  await startServer('moto', command, settings, `${url}/moto-api/`, join(directory, 'moto.log'));
  return { url, close: async () => undefined }; // it ends with the other processes
}

/**
 * This project's own: with AWS's rules on values, on who may name which account and on permissions, and with its quotas. The own account
 * is the management account.
 */
async function startSandbox({ directory }: Workbench): Promise<AccountBackend> {
  const clock = new Clock(1);
  const iam = new Iam(clock, 0);
  const organization = new Organization({ managementAccount: OWN_ACCOUNT, memberAccounts: MEMBERS });
  const trust = { Statement: [] }; // nobody asks
  iam.putRole(OWN_ACCOUNT, 'person', { trust, inline: new Map(), managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] });
  const api = new AccountApi(new Traffic(clock), organization, new ContactStore(clock, 0), iam, headers => {
    if (headers.authorization?.includes(`Credential=${OWN_ACCOUNT}/`)) { return caller('person'); }
    // ministack does not say which role a session's key belongs to, so the functions have what all roles of the stack have.
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

interface RoleResource {
  readonly Type: string;
  readonly Properties?: { readonly Policies?: { readonly PolicyDocument: PolicyDocument }[] };
}

/** The inline policies of the roles of the template that was synthesized last. */
function policiesOf(path: string): Map<string, PolicyDocument> {
  const { Resources } = resolve(JSON.parse(readFileSync(path, 'utf8'))) as { readonly Resources: { readonly [logicalId: string]: RoleResource } };
  return new Map(Object.entries(Resources).filter(([, resource]) => resource.Type === 'AWS::IAM::Role')
    .flatMap(([logicalId, role]) => (role.Properties?.Policies ?? []).map((policy, index) => [`${logicalId}${index}`, policy.PolicyDocument])));
}

export const BACKENDS = { moto: startMoto, sandbox: startSandbox };
