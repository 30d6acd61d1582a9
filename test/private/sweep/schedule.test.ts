import { Duration } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { declare, SOC } from './fixtures';

test.each<[string, ScheduleExpression, string]>([
  ['in one year only', ScheduleExpression.expression('cron(0 0 1 1 ? 2027)'), 'recur every year; got cron(0 0 1 1 ? 2027)'],
  ['more than once an hour', ScheduleExpression.rate(Duration.minutes(59)), 'run at most once an hour; got rate(59 minutes)'],
  ['every minute', ScheduleExpression.cron({}), 'run at most once an hour, at a single minute; got cron(* * * * ? *)'],
  ['only once', ScheduleExpression.at(new Date(0)), 'recur: rate() or cron(); got at(1970-01-01T00:00:00)'],
])('a schedule that runs %s is refused', (_, schedule, message) => {
  expect(() => declare({ ...SOC, schedule })).toThrow(`Stack/Contacts: schedule must ${message}`);
});

test.each<[string, ScheduleExpression]>([
  ['every hour', ScheduleExpression.rate(Duration.hours(1))],
  ['every 60 minutes', ScheduleExpression.rate(Duration.minutes(60))],
  ['at a minute of every hour', ScheduleExpression.cron({ minute: '59' })],
  ['at a time of a day of the week', ScheduleExpression.cron({ minute: '0', hour: '3', weekDay: 'MON' })],
])('a schedule that runs %s is accepted', (_, schedule) => {
  expect(() => declare({ ...SOC, schedule })).not.toThrow();
});
