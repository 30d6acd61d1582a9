import { parseSchedule } from '../../../sandbox/events/schedule-expression';

describe('schedule expressions', () => {
  const first = (expression: string, after: string) => new Date(parseSchedule(expression).next(Date.parse(after))).toISOString();

  test.each([
    ['rate(1 day)', '2026-03-01T10:20:30Z', '2026-03-02T10:20:30.000Z'],
    ['rate(90 minutes)', '2026-03-01T10:20:30Z', '2026-03-01T11:50:30.000Z'],
    ['cron(0 6 * * ? *)', '2026-03-01T06:00:00Z', '2026-03-02T06:00:00.000Z'],
    ['cron(15,45 8-9 ? * MON-FRI *)', '2026-03-06T09:45:00Z', '2026-03-09T08:15:00.000Z'],
    ['cron(0/20 * * * ? *)', '2026-03-01T06:20:01Z', '2026-03-01T06:40:00.000Z'],
    ['cron(0 0 29 FEB ? *)', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['cron(0 0 1 1 ? 2027-2028)', '2027-01-01T00:00:00Z', '2028-01-01T00:00:00.000Z'],
  ])('%s after %s is due at %s', (expression, after, due) => expect(first(expression, after)).toBe(due));

  test.each(['rate(0 days)', 'rate(1 week)', 'cron(0 6 * * * *)', 'cron(0 6 ? * ? *)', 'cron(60 6 * * ? *)', 'cron(0 6 L * ? *)', 'cron(0 6 * *)', 'at(2026-01-01T00:00:00)'])('%s is refused', expression => {
    expect(() => parseSchedule(expression)).toThrow(/Invalid Schedule Expression/);
  });
});
