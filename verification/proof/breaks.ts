/* The library, broken on purpose, in one way at a time: the proof must be able to fail. */
import { join } from 'node:path';
import { CfnResource } from 'aws-cdk-lib';
import { build } from 'esbuild';
import type * as broken from './broken-handler';
import { alternateContact, System } from './systems';
import { Template } from '../../sandbox';

/** Each way to break the library, and the library that is broken in that way. */
export const BREAKS = {
  'Delete goes by ResourceProperties': withHandler('lifecycle', 'deleteContact', 'deleteByProperties'),
  'Delete does not ask the stack': withHandler('holding', 'holdingOf', 'deleteWhatIsHeld'),
  'Delete asks only its own stack': withHandler('stack-tree', 'pagesOfTree', 'pagesOfOneStack'),
  'Delete does not ask the nested stacks': withHandler('cloudformation', 'listResources', 'listWithoutNestedStacks'),
  'Delete reads only the first page': withHandler('cloudformation', 'listResources', 'listFirstPage'),
  'a rollback deletes what was taken over': withHandler('rollback', 'isRollingBack', 'neverRollingBack'),
  'a Create does not ask whether its deployment is rolled back': withHandler('take-over', 'takeOver', 'notRollingBackAfterPut'),
  'only the nested stack itself is asked whether it rolls back': withHandler('rollback', 'isRollingBack', 'isStackItselfRollingBack'),
  'what was there is read once, before the put': withHandler('account-management', 'AccountManagement', 'ReadOnce'),
  'the deadline does not count how long the event waited': withHandler('event-timing', 'awaitedFor', 'awaitedForEver'),
  'a lost connection is final': withHandler('patience', 'patienceFor', 'noPatienceWhenUnanswered'),
  'a denial without a cause is final': withHandler('patience', 'patienceFor', 'noPatienceWhenDenied'),
  'a new account gets no more patience than any other': withHandler('new-account', 'patienceForNew', 'noMorePatience'),
  "the stack's account is named in calls": withHandler('account-management', 'AccountManagement', 'NameEveryAccount'),
  'the event is logged': withHandler('respond', 'respond', 'respondAndLogEvent'),
  'the logical id follows from the path': () => Promise.resolve<System>({
    ...alternateContact,
    declare(stack, contact) {
      alternateContact.declare(stack, contact);
      const resource = stack.node.findChild(contact.path).node.findChild('Resource') as CfnResource;
      resource.overrideLogicalId(contact.path);
    },
  }),
  'the permission to delete follows the declared contacts exactly': () => Promise.resolve(withTemplate(template => {
    const statements = Object.values(template.Resources ?? {}).filter(({ Type }) => Type === 'AWS::IAM::Role')
      .flatMap(({ Properties }) => (Properties!.Policies as { PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] } }[])
        .flatMap(policy => policy.PolicyDocument.Statement));
    const declared = statements.filter(({ Action }) => Action.includes('account:PutAlternateContact')).flatMap(({ Resource }) => Resource);
    for (const statement of statements) { if (statement.Action === 'account:DeleteAlternateContact') { statement.Resource = declared; } }
  })),
};
export type Break = keyof typeof BREAKS;

/** The modules of the handler in which an export is broken. */
interface Modules {
  'account-management': typeof import('../../lambda/account-management');
  'cloudformation': typeof import('../../lambda/cloudformation');
  'event-timing': typeof import('../../lambda/event-timing');
  'holding': typeof import('../../lambda/holding');
  'lifecycle': typeof import('../../lambda/lifecycle');
  'new-account': typeof import('../../lambda/new-account');
  'patience': typeof import('../../lambda/patience');
  'respond': typeof import('../../lambda/respond');
  'rollback': typeof import('../../lambda/rollback');
  'stack-tree': typeof import('../../lambda/stack-tree');
  'take-over': typeof import('../../lambda/take-over');
}

/** The library with another handler: the other modules of lambda/ import `by` where they import an export of one module. */
function withHandler<M extends keyof Modules>(module: M, replaced: keyof Modules[M] & string, by: keyof typeof broken): () => Promise<System> {
  return async () => {
    const lambda = join(__dirname, '../../lambda');
    const { outputFiles } = await build({
      entryPoints: [join(lambda, 'index.ts')],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'cjs',
      external: ['@aws-sdk/*'],
      plugins: [{
        name: 'break',
        setup: ({ onResolve, onLoad }) => {
          onResolve({ filter: new RegExp(`^\\./${module}$`), namespace: 'file' }, ({ path }) => ({ path, namespace: 'broken' }));
          onLoad({ filter: /./, namespace: 'broken' }, ({ path }) => ({
            // The second line wins over the first.
            contents: `export * from '${path}';\nexport { ${by} as ${replaced} } from '${join(__dirname, 'broken-handler')}';`,
            resolveDir: lambda,
          }));
        },
      }],
    });
    return withTemplate(template => {
      for (const { Type, Properties } of Object.values(template.Resources ?? {})) {
        if (Type === 'AWS::Lambda::Function') { Object.assign(Properties!, { Code: { ZipFile: outputFiles[0].text } }); }
      }
    });
  };
}

/** The library with another template. */
function withTemplate(transform: (template: Template) => void): System {
  return { ...alternateContact, transform };
}
