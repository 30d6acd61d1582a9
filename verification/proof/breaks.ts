/** The library, broken on purpose, in one way at a time: the proof must be able to fail. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnResource } from 'aws-cdk-lib';
import { build } from 'esbuild';
import { alternateContact, System } from './systems';
import { Template } from '../../sandbox';

/** What is broken, and the library that is broken so. */
export const BREAKS = {
  'Delete goes by ResourceProperties': withHandler('index.ts', 'await deleteContact(event, account',
    'await deleteContact({ ...event, PhysicalResourceId: `${event.ResourceProperties.AccountId ?? ownAccount}/${event.ResourceProperties.AlternateContactType}` }, account'),
  'Delete does not ask the stack': withHandler('index.ts', 'if (holder)', 'if (false as boolean && holder)'),
  'Delete asks only its own stack': withHandler('stack-tree.ts', 'pagesOfTree([event.StackId, rootOf(event.StackId)]', 'pagesOfTree([event.StackId]'),
  'Delete does not ask the nested stacks': withHandler('stack-tree.ts', 'if (isNested && resource', 'if (false as boolean && isNested && resource'),
  'Delete reads only the first page': withHandler('stack-tree.ts', 'while (NextToken)', 'while (false as boolean && NextToken)'),
  'a rollback deletes what was taken over': withHandler('index.ts', 'if (contact.tookOver && await isRollingBack(event.StackId, deadline))',
    'if (false as boolean && await isRollingBack(event.StackId, deadline))'),
  'a rollback is asked of the nested stack alone': withHandler('stack-tree.ts', 'const root = await describe(rootOf(stackId), deadline, isRoot ? rethrow : ignoreGone)',
    'const root = { ...await describe(stackId, deadline), rootId: undefined as string | undefined }'),
  'what was there is read once, before the put': withHandler('index.ts', 'await account.getPrevious(contact, properties, known)', 'known'),
  'the deadline does not count how long the event waited': withHandler('index.ts', 'const sentAt = sentAtOf(event);',
    'const sentAt = undefined as number | undefined; void sentAtOf;'),
  'a lost connection is no reason to try again': withHandler('retry.ts',
    'return throttled || internal || (unanswered && !isRefusal(error)) ? Infinity : 0;', 'void unanswered; return throttled || internal ? Infinity : 0;'),
  'a bare AccessDenied is taken at its word': withHandler('retry.ts', 'return causeOf(error) ? 0 : PROPAGATION;', 'return causeOf(error) ? 0 : 0 * PROPAGATION;'),
  'AccountId is sent as it is given': withHandler('account-management.ts', 'this.owns(contact) ? {} : { AccountId: contact.accountId }', '{ AccountId: contact.accountId }'),
  'the event is logged': withHandler('index.ts', 'const sentAt = sentAtOf(event);', 'console.log(JSON.stringify(event)); const sentAt = sentAtOf(event);'),
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

/** The library with another handler: its source with one text replaced. */
function withHandler(file: string, replace: string, by: string): () => Promise<System> {
  return async () => {
    const directory = join(__dirname, '../../lambda');
    const { outputFiles } = await build({
      entryPoints: [join(directory, 'index.ts')],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'cjs',
      external: ['@aws-sdk/*'],
      plugins: [{
        name: 'break',
        setup: ({ onLoad }) => onLoad({ filter: new RegExp(`lambda/${file}$`) }, ({ path }) => {
          const source = readFileSync(path, 'utf8');
          if (source.split(replace).length !== 2) { throw new Error(`${file} has not exactly one: ${replace}`); }
          return { contents: source.replace(replace, () => by), loader: 'ts' };
        }),
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
