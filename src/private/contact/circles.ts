import { CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { referencesIn } from './account';
import type { DeclaredContact } from './declarations';

/**
 * Finds an account that a contact names and that depends on a contact of the same provider. CloudFormation refuses such a circle: the contact needs
 * the function, the function needs its role, and the policies of the role name the account.
 *
 * @param contacts those of one provider, whose role has permissions for each
 * @param lambdaFunction the function of the provider
 * @returns the error, if there is one. It names one account: usually all come from one loop.
 */
export function circularAccounts(contacts: readonly DeclaredContact[], lambdaFunction: IConstruct): string[] {
  const waiting = new Map([lambdaFunction, ...contacts.map(({ construct }) => construct)].flatMap(pathsOfResources));
  const accounts = new Set(contacts.flatMap(({ construct, account }) =>
    account.kind === 'token' ? referencesIn(Stack.of(construct), account.accountId).map(({ target }) => target) : []));
  for (const account of accounts) {
    const dependency = CfnResource.isCfnResource(account) && dependenciesOf(account).find(resource => waiting.has(resource));
    if (dependency) {
      return [`${account.node.path} must not depend on ${waiting.get(dependency)}: a provider sets no contact before all the accounts exist that its `
        + 'contacts name. Let the account depend on the other account alone, as in second.account.node.addDependency(first.account)'];
    }
  }
  return [];
}

/** Returns the resource of a construct and those of the nested stacks around it, each with the path of what it stands for. */
function pathsOfResources(construct: IConstruct): [IConstruct, string][] {
  const nestedStacks = construct.node.scopes.filter(Stack.isStack);
  return [
    [construct.node.defaultChild ?? construct, construct.node.path],
    ...nestedStacks.flatMap(({ nestedStackResource, node }): [IConstruct, string][] => nestedStackResource ? [[nestedStackResource, node.path]] : []),
  ];
}

/** Returns all resources that CloudFormation must create before a resource, because of a `DependsOn`. */
function dependenciesOf(resource: CfnResource): CfnResource[] {
  const found = new Set(directDependenciesOf(resource));
  // A set also visits what is added meanwhile.
  for (const dependency of found) {
    for (const another of directDependenciesOf(dependency)) { found.add(another); }
  }
  return [...found];
}

function directDependenciesOf(resource: CfnResource): CfnResource[] {
  return resource.obtainDependencies().filter(CfnResource.isCfnResource);
}
