/** The schedule is not valid, or has a part that the sandbox does not model. */
export class InvalidSchedule extends Error {}

/** The moments at which a schedule is due, in milliseconds, UTC. */
interface ScheduleExpression {
  /** Returns when a schedule that is created at a moment is due for the first time. */
  first(made: number): number;
  /** Returns when the schedule is due next, after a moment. */
  next(after: number): number;
}

const UNITS = { minute: 60, hour: 3600, day: 86_400 };
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MINUTE = 60_000;
const DAY = 86_400_000;

/** Reads `rate(...)` and `cron(...)`. Throws InvalidSchedule. */
export function parseSchedule(text: string): ScheduleExpression {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(text);
  if (rate && Number(rate[1]) > 0) {
    const period = Number(rate[1]) * UNITS[rate[2] as keyof typeof UNITS] * 1000;
    // Without a start date, a rate is due at once.
    return { first: made => made, next: after => after + period };
  }
  const cron = /^cron\((.*)\)$/.exec(text)?.[1].split(' ');
  if (cron?.length !== 6) {
    throw new InvalidSchedule(`Invalid Schedule Expression ${text}.`);
  }
  return cronSchedule(text, cron);
}

function cronSchedule(text: string, [minute, hour, dayOfMonth, month, dayOfWeek, year]: string[]): ScheduleExpression {
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new InvalidSchedule(`Invalid Schedule Expression ${text}: one of the days is ?`);
  }
  const fits = {
    minute: field(text, minute, 0, 59),
    hour: field(text, hour, 0, 23),
    dayOfMonth: field(text, dayOfMonth, 1, 31),
    month: field(text, month, 1, 12, MONTHS, 1),
    dayOfWeek: field(text, dayOfWeek, 1, 7, WEEKDAYS, 1),
    year: field(text, year, 1970, 2199),
  };
  const isDue = (day: Date) => fits.year(day.getUTCFullYear()) && fits.month(day.getUTCMonth() + 1) && fits.dayOfMonth(day.getUTCDate())
    && fits.dayOfWeek(day.getUTCDay() + 1);
  const next = (after: number) => {
    let moment = (Math.floor(after / MINUTE) + 1) * MINUTE;
    while (moment < after + 3000 * DAY) {
      const time = new Date(moment);
      if (!isDue(time)) {
        moment = (Math.floor(moment / DAY) + 1) * DAY;
      } else if (fits.hour(time.getUTCHours()) && fits.minute(time.getUTCMinutes())) {
        return moment;
      } else {
        moment += MINUTE;
      }
    }
    return Infinity;
  };
  return { first: next, next };
}

/** Reads a field of a cron expression (`*`, `?`, lists, ranges and steps). Returns whether a number matches it. */
function field(text: string, source: string, least: number, most: number, names: string[] = [], firstName = 0): (value: number) => boolean {
  const number = (part: string) => {
    const value = names.includes(part) ? names.indexOf(part) + firstName : Number(part);
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidSchedule(`Invalid Schedule Expression ${text}: ${part}`); // L, W and #, which the sandbox does not model, end here, too
    }
    return value;
  };
  const tests = source.split(',').map(part => {
    const [range, step = '1'] = part.split('/');
    const [from, to] = range === '*' || range === '?' ? [least, most]
      : range.includes('-') ? range.split('-').map(number) : [number(range), part.includes('/') ? most : number(range)];
    return (value: number) => value >= from && value <= to && (value - from) % Number(step) === 0;
  });
  return value => tests.some(test => test(value));
}
