import { Cron } from 'croner';
import { AwsError } from '../protocol.ts';

/** A running schedule. */
export type Schedule = { stop(): void };

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
/** Largest value of each field: minutes, hours, day of month, month, day of week, year. */
const LAST = [59, 23, 31, 12, 7, 2199];

type Fields = readonly [string, string, string, string, string, string];

/**
 * Calls `fire` at the times of an AWS schedule, `cron(minutes hours day-of-month month day-of-week year)` in UTC
 * (AWS Glue, "Time-based schedules for jobs and crawlers"). Throws InvalidInputException for any other text.
 */
export function startSchedule(expression: string, fire: () => void): Schedule {
  const { pattern, year } = parseSchedule(expression);
  return new Cron(pattern, { timezone: 'UTC', unref: true }, () => {
    if (year(new Date().getUTCFullYear())) fire();
  });
}

/** The schedule as croner's five-field pattern, and a test for the year, which croner does not know. */
export function parseSchedule(expression: string): { pattern: string; year: (year: number) => boolean } {
  const refuse = (why: string) =>
    new AwsError('InvalidInputException', `Invalid schedule expression ${expression}: ${why}.`);
  const fields = /^cron\((.*)\)$/.exec(expression.trim())?.[1]?.trim().toUpperCase().split(/\s+/);
  if (!isSix(fields)) throw refuse('it must be cron(minutes hours day-of-month month day-of-week year)');
  const [minutes, hours, dayOfMonth, month, dayOfWeek, years] = fields;
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw refuse('exactly one of day-of-month and day-of-week must be ?');
  }
  if (dayOfMonth.includes('W')) throw refuse('W in day-of-month is not modelled by the local lake');
  const pattern = [
    stepped(minutes, 0),
    stepped(hours, 1),
    stepped(dayOfMonth, 2),
    stepped(month, 3),
    dayOfWeek
      .split(',')
      .map((part) => weekday(part))
      .join(','),
  ]
    .map((field) => (field === '?' ? '*' : field))
    .join(' ');
  try {
    new Cron(pattern, { paused: true, timezone: 'UTC' }).stop();
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
  return { pattern, year: yearTest(years, refuse) };
}

function isSix(fields: readonly string[] | undefined): fields is Fields {
  return fields?.length === 6;
}

/** `a/b` runs from a to the field's end; croner wants the end written. */
function stepped(field: string, position: number): string {
  return field.replace(
    /(^|,)(\d+)\//g,
    (_all, before: string, from: string) => `${before}${from}-${LAST[position]}/`,
  );
}

/** AWS counts 1 = SUN to 7 = SAT; croner 0 = SUN to 6 = SAT. Weekdays of croner's ranges stay in that order. */
function weekday(part: string): string {
  const nth = /^([^#]+)#(\d)$/.exec(part);
  if (nth !== null) return `${weekday(nth[1] ?? '')}#${nth[2]}`;
  const last = /^(\d)L$/.exec(part);
  if (last !== null) return `${weekday(last[1] ?? '')}#L`;
  if (part === 'L') return weekday('7');
  const [range = '', step] = stepped(part, 4).split('/');
  const days = range
    .split('-')
    .map((day) => (/^\d$/.test(day) ? (DAYS[Number(day) - 1] ?? 'invalid') : day))
    .map((day) => (DAYS.includes(day) ? String(DAYS.indexOf(day)) : day))
    .join('-');
  return step === undefined ? days : `${days}/${step}`;
}

function yearTest(field: string, refuse: (why: string) => AwsError): (year: number) => boolean {
  if (field === '*') return () => true;
  const tests = field.split(',').map((part): ((year: number) => boolean) => {
    const match = /^(\d{4}|\*)(?:-(\d{4}))?(?:\/(\d+))?$/.exec(part);
    if (match === null) throw refuse(`${part} is not a year, a range of years or a step`);
    const from = match[1] === '*' ? 1970 : Number(match[1]);
    const open = match[1] === '*' || match[3] !== undefined;
    const to = match[2] === undefined ? (open ? (LAST[5] ?? from) : from) : Number(match[2]);
    const step = Number(match[3] ?? 1);
    return (year) => year >= from && year <= to && (year - from) % step === 0;
  });
  return (year) => tests.some((test) => test(year));
}
