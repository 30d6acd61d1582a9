import { App, Aws, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { CfnAccount } from 'aws-cdk-lib/aws-organizations';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { declare, ENV, SOC, stackIn, UNIT } from './fixtures';
import {
  AlternateContact, AlternateContactOverride, AlternateContacts, AlternateContactType, OrganizationAlternateContacts,
  OrganizationAlternateContactsProps as Props, SweepMode,
} from '../../../src';
import { contact } from '../../contacts';

describe('an AlternateContact in the same app', () => {
  const app = (more: (stack: Stack) => void, overrides: AlternateContactOverride[] = [], isAgnostic = false) => {
    const root = new App();
    const env = isAgnostic ? undefined : ENV;
    declare({ ...SOC, overrides }, stackIn(env, root, 'Organization'));
    more(stackIn(env, root, 'Other'));
    return () => root.synth();
  };
  const security = (accountId?: string, name = 'soc') => (stack: Stack) =>
    new AlternateContact(stack, 'Contact', { accountId, alternateContactType: AlternateContactType.SECURITY, ...contact(name) });

  test('is refused if the sweep sets the contact too', () => {
    expect(app(security('222222222222'))).toThrow('the SECURITY contact of 222222222222 is declared by this sweep and by Other/Contact: it may change with each sweep and each deployment. '
      + 'Remove one of the two, or leave the account to the other by AlternateContactOverride.exclude() with its id');
    expect(app(security())).toThrow('the SECURITY contact of 111111111111 is declared by this sweep and by');
    expect(app(security(), [], true)).toThrow('the SECURITY contact of its account is declared by this sweep and by');
    expect(app(stack => new AlternateContacts(stack, 'Shop', { accountId: '222222222222', security: contact('soc') }))).toThrow('Other/Shop/Security');
  });

  test('raises a warning in another stage, which may be for another organization', () => {
    const root = new App();
    const { stack } = declare(SOC, stackIn(ENV, root));
    security('222222222222')(new Stack(new Stage(root, 'Stage'), 'Other'));
    root.synth();
    Annotations.fromStack(stack).hasWarning('/Stack/Contacts', Match.stringLikeRegexp(
      'also sets the SECURITY contact of 222222222222, which Stage/Other/Contact declares, if the account is in the same organization'));
  });

  test('is allowed beside a sweep that only compares', () => {
    const beside = (mode: SweepMode) => {
      const root = new App();
      declare({ ...SOC, mode }, stackIn(ENV, root, 'Organization'));
      security('222222222222')(stackIn(ENV, root, 'Other'));
      return () => root.synth();
    };
    expect(beside(SweepMode.REPORT_ONLY)).not.toThrow();
    expect(beside(SweepMode.ENFORCE)).toThrow('is declared by this sweep and by Other/Contact');
  });

  test('is allowed for another type', () => {
    expect(app(stack => new AlternateContact(stack, 'Contact', { alternateContactType: AlternateContactType.BILLING, ...contact('x') }))).not.toThrow();
  });

  test('is allowed for an account that is excluded, however it is named', () => {
    expect(app(security('222222222222'), [AlternateContactOverride.exclude(['222222222222'])])).not.toThrow();
    expect(app(security(), [AlternateContactOverride.exclude(['111111111111'])])).not.toThrow();
    expect(app(security(), [AlternateContactOverride.exclude([Aws.ACCOUNT_ID])], true)).not.toThrow();
    expect(app(security('222222222222'), [AlternateContactOverride.exclude(['333333333333'])])).toThrow('is declared by this sweep and by');
  });

  test("of an account that only the deployment knows counts as a contact of the sweep's account", () => {
    const root = new App();
    declare({ ...SOC, overrides: [AlternateContactOverride.exclude([ENV.account])] }, stackIn(ENV, root, 'Organization'));
    security()(stackIn(undefined, root, 'Other'));
    expect(() => root.synth()).not.toThrow();
  });

  test('is allowed if an override for the account has the same values, and refused if they differ', () => {
    const overrides = [AlternateContactOverride.forAccounts(['222222222222'], { security: contact('lab') })];
    expect(app(security('222222222222', 'lab'), overrides)).not.toThrow();
    expect(app(security('222222222222', 'soc'), overrides)).toThrow('is declared by this sweep and by');
  });

  test('belongs in the override of the account if there is one, and the error says so, because a target can have only one', () => {
    const overrides = [AlternateContactOverride.forAccounts(['222222222222'], { billing: contact('lab') })];
    expect(app(security('222222222222'), overrides)).toThrow('Remove one of the two, or declare the same values in the override for the account');
  });

  test('is not checked while a lookup is pending, because an error would prevent the lookup', () => {
    const lookUp = (stack: Stack) => StringParameter.valueFromLookup(stack, '/account');
    expect(app(stack => security(lookUp(stack))(stack))).not.toThrow();
    const root = new App();
    const stack = stackIn(ENV, root);
    declare({ ...SOC, overrides: [AlternateContactOverride.exclude([lookUp(stack)])] }, stack);
    declare({ overrides: [AlternateContactOverride.forAccounts(['222222222222'], SOC)] }, stackIn(ENV, root, 'Other'));
    expect(() => root.synth()).not.toThrow();
  });

  describe('for an account that the app creates', () => {
    /** Two stacks that each create an account, one of them with a contact, and a sweep in a third stack or the other one that excludes one of the accounts. */
    const vending = (excludeSame: boolean, sweepsFromOther = false) => {
      const root = new App();
      const [one, two] = ['One', 'Two'].map(name => {
        const stack = stackIn(ENV, root, name);
        return { stack, account: new CfnAccount(stack, 'Shop', { accountName: 'Shop', email: 'shop@example.com' }) };
      });
      const sweep = sweepsFromOther ? two.stack : stackIn(ENV, root, 'Organization');
      declare({ ...SOC, overrides: [AlternateContactOverride.exclude([(excludeSame ? one : two).account.attrAccountId])] }, sweep);
      security(one.account.attrAccountId)(one.stack);
      return () => root.synth();
    };

    test('is allowed if the sweep in another stack excludes it', () => {
      expect(vending(true)).not.toThrow();
    });

    test('is refused if the sweep excludes an account that another stack creates with the same construct id', () => {
      expect(vending(false, true)).toThrow('the SECURITY contact of its account is declared by this sweep and by One/Contact');
      expect(vending(false)).toThrow('the SECURITY contact of its account is declared by this sweep and by One/Contact');
    });
  });

  test('raises a warning if only an organizational unit is overridden, because the account may be in it', () => {
    const root = new App();
    const unit = AlternateContactOverride.forOrganizationalUnits([UNIT], SOC);
    declare({ billing: contact('finance'), overrides: [unit] }, stackIn(ENV, root, 'Organization'));
    const other = stackIn(ENV, root, 'Other');
    security('222222222222')(other);
    root.synth();
    Annotations.fromStack(other).hasWarning('/Other/Contact', Match.stringLikeRegexp('Organization/Contacts also sets the SECURITY contact of 222222222222, which Other/Contact declares, if the account is in an organizational unit that it overrides'));
  });
});

describe('another OrganizationAlternateContacts in the same app', () => {
  const { exclude, forAccounts, forOrganizationalUnits } = AlternateContactOverride;
  const two = (one: Props, other: Props, env = ENV, stage = false) => {
    const root = new App();
    new OrganizationAlternateContacts(stackIn(ENV, root, 'One'), 'Contacts', one);
    new OrganizationAlternateContacts(new Stack(stage ? new Stage(root, 'Stage') : root, 'Other', { env }), 'Contacts', other);
    return () => root.synth();
  };
  const BILLING = { billing: contact('finance') };

  test.each<[string, Props, Props]>([
    ['every account', SOC, SOC],
    ['every account and a unit', SOC, { overrides: [forOrganizationalUnits([UNIT], SOC)] }],
    ['every account and an account whose other types are overridden', { ...SOC, overrides: [forAccounts(['222222222222'], BILLING)] }, { overrides: [forAccounts(['222222222222'], SOC)] }],
    ['the same unit', { overrides: [forOrganizationalUnits([UNIT], SOC)] }, { overrides: [forOrganizationalUnits([UNIT, 'ou-ab12-22222222'], SOC)] }],
  ])('is refused if both set a type for %s', (_, one, other) => {
    for (const synth of [two(one, other), two(other, one), two(one, other, { ...ENV, region: 'eu-west-1' })]) {
      expect(synth).toThrow(/the SECURITY contacts of some accounts are declared by this sweep and by \w+\/Contacts: they would change with each sweep of either/);
    }
  });

  test.each<[string, Props, Props]>([
    ['other types', SOC, BILLING],
    ['a unit that the other excludes', { ...SOC, overrides: [exclude([UNIT])] }, { overrides: [forOrganizationalUnits([UNIT], SOC)] }],
    ['other units', { overrides: [forOrganizationalUnits([UNIT], SOC)] }, { overrides: [forOrganizationalUnits(['ou-ab12-22222222'], SOC)] }],
  ])('is allowed for %s', (_, one, other) => {
    expect(two(one, other)).not.toThrow();
    expect(two(other, one)).not.toThrow();
  });

  test.each<[string, Props, Props, boolean]>([
    ['a unit and an account, which may be in it,', { overrides: [forOrganizationalUnits([UNIT], SOC)] }, { overrides: [forAccounts(['222222222222'], SOC)] }, true],
    ['two units, one of which may contain the other,', { overrides: [forOrganizationalUnits([UNIT], SOC)] }, { overrides: [forOrganizationalUnits(['ou-ab12-22222222'], SOC)] }, true],
    ['two accounts', { overrides: [forAccounts(['222222222222'], SOC)] }, { overrides: [forAccounts(['333333333333'], SOC)] }, false],
    ['a unit and an account that it excludes', { overrides: [forOrganizationalUnits([UNIT], SOC), exclude(['222222222222'])] }, { overrides: [forAccounts(['222222222222'], SOC)] }, false],
    ['a unit and an account, for other types', { overrides: [forOrganizationalUnits([UNIT], SOC)] }, { overrides: [forAccounts(['222222222222'], BILLING)] }, false],
  ])('that overrides %s raises a warning: %s', (_, one, other, isWarned) => {
    for (const [first, second] of [[one, other], [other, one]]) {
      const root = new App();
      const stacks = ['One', 'Other'].map(name => stackIn(ENV, root, name));
      new OrganizationAlternateContacts(stacks[0], 'Contacts', first);
      new OrganizationAlternateContacts(stacks[1], 'Contacts', second);
      root.synth();
      for (const [stack, another] of [['One', 'Other'], ['Other', 'One']]) {
        const warnings = Annotations.fromStack(root.node.findChild(stack) as Stack).findWarning('*', Match.stringLikeRegexp(
          `the SECURITY contacts of some accounts may be declared by this sweep and by ${another}/Contacts: an account may be in an organizational unit`));
        expect(warnings).toHaveLength(isWarned ? 1 : 0);
      }
    }
  });

  test('is allowed if one of the two only compares', () => {
    const compares = { ...SOC, mode: SweepMode.REPORT_ONLY };
    expect(two(SOC, compares)).not.toThrow();
    expect(two(compares, SOC)).not.toThrow();
  });

  test('is allowed in another stage or account, which may be of another organization', () => {
    expect(two(SOC, SOC, ENV, true)).not.toThrow();
    expect(two(SOC, SOC, { ...ENV, account: '999999999999' })).not.toThrow();
  });
});
