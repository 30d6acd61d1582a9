import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlternateContactOverride, OrganizationAlternateContacts } from '../../src'; // in your app: from 'cdk-alternate-contact'

const finance = { name: 'Accounts Payable', title: 'Finance', emailAddress: 'invoices@example.com', phoneNumber: '+1 555 0101' };
const platform = { name: 'Platform', title: 'On call', emailAddress: 'platform@example.com', phoneNumber: '+1 555 0104' };
const soc = { name: 'Security Operations', title: 'On call', emailAddress: 'security@example.com', phoneNumber: '+1 555 0100' };
const shop = { name: 'Shop', title: 'On call', emailAddress: 'shop@example.com', phoneNumber: '+1 555 0102' };
const lab = { name: 'Research Lab', title: 'On call', emailAddress: 'lab@example.com', phoneNumber: '+1 555 0105' };

/** Keeps the contacts of all accounts of the organization, and notifies a topic when a sweep fails, or when none has succeeded for a day. */
export function keepContacts(scope: Construct): OrganizationAlternateContacts {
  const contacts = new OrganizationAlternateContacts(scope, 'Contacts', {
    billing: finance,
    operations: platform,
    security: soc,
    overrides: [
      AlternateContactOverride.forOrganizationalUnits(['ou-ab12-11111111'], { operations: shop }),
      AlternateContactOverride.forAccounts(['222222222222'], { security: lab }),
      AlternateContactOverride.exclude(['333333333333', 'ou-ab12-99999999']),
    ],
  });

  const topic = new Topic(scope, 'Sweeps', { masterKey: new Key(scope, 'SweepsKey', { enableKeyRotation: true }), enforceSSL: true });
  // An alarm does not grant itself access to the topic and its key. The AWS managed key of SNS has a fixed policy, so this is another key.
  topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com'));
  const failed = contacts.metricFailed({ period: Duration.minutes(5) }).createAlarm(scope, 'SweepFailed', {
    threshold: 1,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  const missing = contacts.metricSucceeded({ period: Duration.days(1) }).createAlarm(scope, 'NoSweepSucceeded', {
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.BREACHING,
  });
  for (const alarm of [failed, missing]) { alarm.addAlarmAction(new SnsAction(topic)); }
  contacts.onSweepCompleted('Completed', { target: new SnsTopic(topic) });
  return contacts;
}
