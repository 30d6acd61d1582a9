import { NestedStack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { MEMBER, OWN, useHarness } from './harness';
import { AlternateContact, AlternateContactProvider, AlternateContactType } from '../../src';

/** Starts a harness whose stack nests the stack `Outer`, which nests the stack `Inner`. The handler runs as the function of one of the three. */
export function useNestedStacks() {
  const harness = useHarness({}, root => {
    AlternateContactProvider.getOrCreate(root).role.addToPrincipalPolicy(new PolicyStatement({ actions: ['cloudformation:*'], resources: ['*'] }));
    const outer = new NestedStack(root, 'Outer');
    const inner = new NestedStack(outer, 'Inner');
    for (const scope of [outer, inner]) {
      new AlternateContact(scope, 'Contact', {
        alternateContactType: AlternateContactType.OPERATIONS, accountId: scope === inner ? MEMBER : OWN, name: 'n', title: 't', emailAddress: 'e@example.com', phoneNumber: '1',
      });
    }
  });
  afterEach(() => { delete process.env.ROOT_STACK_ID; });

  /** Returns the stack at a path of construct ids, such as `Outer/Inner/`. The root is at the empty path. */
  const stackOf = (path: string) => harness.sandbox.stacks.all.find(stack => new RegExp(`^${path.replaceAll('/', 'NestedStack\\w+/')}$`).test(stack.path))!;
  return {
    harness,
    stackOf,
    /** Delivers a Delete to the function of the stack at a path. */
    remove: (path: string, PhysicalResourceId: string) =>
      harness.deliver({ RequestType: 'Delete', PhysicalResourceId, LogicalResourceId: 'Formerly' }, {}, { stackId: stackOf(path).id }),
    /** Returns how often an API was called. */
    callsOf: (api: string) => harness.callsMade.filter(call => call.startsWith(api)).length,
    /** Does something while a resource of the root has a status. */
    whileResourceIs: async <T>(logicalId: string, status: string, act: () => Promise<T>): Promise<T> => {
      const resource = stackOf('').resources.get(logicalId)!;
      const before = resource.status;
      resource.status = status;
      try {
        return await act();
      } finally {
        resource.status = before;
      }
    },
  };
}
