import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnResource } from 'aws-cdk-lib';
import { build } from 'esbuild';
import { Edit, Step } from './model';
import { Fault, run } from './run';
import { alternateContact, System } from './systems';
import { Template } from '../../sandbox';

/*
 * The proof must be able to fail. Each scenario goes well with the library as it is, and is found to go wrong with a library that is broken in the
 * one way that the scenario is there for.
 */
const LAMBDA = join(__dirname, '../../lambda');

/** The library with another handler: its source with one text replaced. */
function withHandler(file: string, replace: string, by: string): () => Promise<System> {
  return async () => {
    const { outputFiles } = await build({
      entryPoints: [join(LAMBDA, 'index.ts')],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'cjs',
      external: ['@aws-sdk/*'],
      plugins: [{
        name: 'mutant',
        setup: ({ onLoad }) => onLoad({ filter: new RegExp(`lambda/${file}$`) }, ({ path }) => {
          const source = readFileSync(path, 'utf8');
          if (source.split(replace).length !== 2) throw new Error(`${file} has not exactly one: ${replace}`);
          return { contents: source.replace(replace, () => by), loader: 'ts' };
        }),
      }],
    });
    return withTemplate(template => {
      for (const { Type, Properties } of Object.values(template.Resources ?? {})) {
        if (Type === 'AWS::Lambda::Function') Object.assign(Properties!, { Code: { ZipFile: outputFiles[0].text } });
      }
    });
  };
}

/** The library with another template. */
function withTemplate(transform: (template: Template) => void): System {
  return { ...alternateContact, transform };
}

const add = (values: object = {}): Edit => ({
  edit: 'add',
  declaration: { stack: 'One', account: { as: 'literal', id: '222222222222' }, type: 'SECURITY', retain: false, overwriteExisting: true, provider: 'default', ...values },
});
const step = (edits: Edit[], more: Partial<Step> = {}): Step => ({ edits, byHand: [], disturbances: [], ...more });
const byHand = [{ account: '222222222222', type: 'SECURITY', action: 'put' }] as const;
const addOther = add({ type: 'BILLING' });

const SCENARIOS: { name: string; steps: Step[]; broken: string; system: () => Promise<System>; fault: Fault; policyDelaySeconds?: number }[] = [
  {
    name: 'a Create that is refused leaves the contact that was there',
    steps: [step([addOther]), step([add({ overwriteExisting: false })], { byHand: [...byHand] })],
    broken: 'Delete goes by ResourceProperties',
    system: withHandler('index.ts', 'await deleteContact(event, account',
      'await deleteContact({ ...event, PhysicalResourceId: `${event.ResourceProperties.AccountId ?? ownAccount}/${event.ResourceProperties.AlternateContactType}` }, account'),
    fault: 'lost',
  },
  {
    name: 'another provider takes a contact over',
    steps: [step([add()]), step([{ edit: 'provider', at: 0, provider: 'P' }])],
    broken: 'Delete does not ask the stack',
    system: withHandler('index.ts', "if (await isHeldByStack(event, contact, deadline)) return { action: 'kept', physicalId };", 'void isHeldByStack;'),
    fault: 'lost',
  },
  {
    name: 'two accounts that are only known at deployment are swapped',
    steps: [step([add({ account: { as: 'token', parameter: 'AccountX' } }), add({ account: { as: 'token', parameter: 'AccountY' } })]), step([{ edit: 'swapParameters' }])],
    broken: 'Delete does not ask the stack',
    system: withHandler('index.ts', "if (await isHeldByStack(event, contact, deadline)) return { action: 'kept', physicalId };", 'void isHeldByStack;'),
    fault: 'lost',
  },
  {
    name: 'a construct is renamed while its contact changes, and the deployment fails',
    steps: [step([add()]), step([{ edit: 'rename', at: 0 }, { edit: 'values', at: 0 }], { sibling: 'afterwards' })],
    broken: 'the logical id follows from the path',
    system: () => Promise.resolve({
      ...alternateContact,
      declare(stack, declaration, parameters) {
        alternateContact.declare(stack, declaration, parameters);
        const resource = stack.node.findChild(declaration.path).node.findChild('Resource') as CfnResource;
        resource.overrideLogicalId(declaration.path);
      },
    }),
    fault: 'wrong values',
  },
  {
    name: 'a contact that leaves the app is deleted after the role has shrunk',
    policyDelaySeconds: 0,
    steps: [step([add(), add({ type: 'BILLING', account: { as: 'omitted' } })]), step([{ edit: 'remove', at: 0 }])],
    broken: 'the permission to delete follows the declared contacts exactly',
    system: () => Promise.resolve(withTemplate(template => {
      const statements = Object.values(template.Resources ?? {}).filter(({ Type }) => Type === 'AWS::IAM::Role')
        .flatMap(({ Properties }) => (Properties!.Policies as { PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] } }[])
          .flatMap(policy => policy.PolicyDocument.Statement));
      const declared = statements.filter(({ Action }) => Action.includes('account:PutAlternateContact')).flatMap(({ Resource }) => Resource);
      for (const statement of statements) if (statement.Action === 'account:DeleteAlternateContact') statement.Resource = declared;
    })),
    fault: 'orphaned',
  },
  {
    name: 'a contact that was taken over stays when the deployment fails',
    steps: [step([addOther]), step([add()], { byHand: [...byHand], sibling: 'afterwards' })],
    broken: 'a rollback deletes what was taken over',
    system: withHandler('index.ts', 'if (contact.tookOver && await isRollingBack(event.StackId, deadline))', 'if (false as boolean && await isRollingBack(event.StackId, deadline))'),
    fault: 'lost',
  },
  {
    name: 'connections that are lost are nothing to fail for',
    steps: [step(['BILLING', 'OPERATIONS', 'SECURITY'].flatMap(type => ['111111111111', '222222222222', '333333333333']
      .map(id => add({ type, account: { as: 'literal', id } }))), { disturbances: ['drop-before', 'drop-after'] })],
    broken: 'a lost connection is no reason to try again',
    system: withHandler('retry.ts', 'return throttled || internal || (unanswered && !isRefusal(error)) ? Infinity : 0;', 'void unanswered; return throttled || internal ? Infinity : 0;'),
    fault: 'failed without cause',
  },
  {
    name: 'a role whose permissions have not spread yet is waited for',
    policyDelaySeconds: 30,
    steps: [step([addOther])],
    broken: 'a bare AccessDenied is taken at its word',
    system: withHandler('retry.ts', 'if (isBareDenial(error)) return PROPAGATION;', 'if (isBareDenial(error)) return 0 * PROPAGATION;'),
    fault: 'failed without cause',
  },
  {
    name: 'the own account may be named',
    steps: [step([add({ account: { as: 'token', parameter: 'AccountX' }, stack: 'Member' })])],
    broken: 'AccountId is sent as it is given',
    system: withHandler('account-management.ts', 'accountId === this.ownAccount ? {} : { AccountId: accountId }', '{ AccountId: accountId }'),
    fault: 'failed without cause',
  },
  {
    name: 'nothing personal is told',
    steps: [step([add()])],
    broken: 'the event is logged',
    system: withHandler('index.ts', 'const deadline = new Deadline(context.getRemainingTimeInMillis());',
      'console.log(JSON.stringify(event)); const deadline = new Deadline(context.getRemainingTimeInMillis());'),
    fault: 'personal data',
  },
];

describe.each(SCENARIOS)('$name', ({ steps, broken, system, fault, policyDelaySeconds }) => {
  const faultsOf = async (candidate: System) => (await run(candidate, steps, { policyDelaySeconds })).findings.map(finding => finding.fault);

  test('with the library', async () => {
    expect(await faultsOf(alternateContact)).toEqual([]);
  });

  test(`is found to go wrong (${fault}) when ${broken}`, async () => {
    expect(await faultsOf(await system())).toContain(fault);
  });
});
