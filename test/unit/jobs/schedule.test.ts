import { Cron } from 'croner';
import { expect, test } from 'vitest';
import { parseSchedule } from '../../../src/local/gateway/jobs/schedule.ts';

function next(expression: string, from: string, count = 1): string[] {
  const { pattern, year } = parseSchedule(expression);
  const found: string[] = [];
  const cron = new Cron(pattern, { timezone: 'UTC', paused: true });
  for (let at = cron.nextRun(new Date(from)); at !== null && found.length < count; at = cron.nextRun(at)) {
    if (at.getUTCFullYear() > 2040) break;
    if (year(at.getUTCFullYear())) found.push(at.toISOString().slice(0, 16));
  }
  cron.stop();
  return found;
}

test('AWS counts days of the week from 1 = Sunday', () => {
  // 2026-01-01 is a Thursday.
  expect(next('cron(0 9 ? * 1 *)', '2026-01-01T00:00Z')).toEqual(['2026-01-04T09:00']);
  expect(next('cron(0 9 ? * 7 *)', '2026-01-01T00:00Z')).toEqual(['2026-01-03T09:00']);
  expect(next('cron(0 9 ? * MON-FRI *)', '2026-01-02T10:00Z')).toEqual(['2026-01-05T09:00']);
  expect(next('cron(0 9 ? * 2-6 *)', '2026-01-02T10:00Z')).toEqual(['2026-01-05T09:00']);
  expect(next('cron(0 9 ? * 2,SAT *)', '2026-01-01T00:00Z', 2)).toEqual([
    '2026-01-03T09:00',
    '2026-01-05T09:00',
  ]);
});

test('Steps run from their start to the end of the field', () => {
  expect(next('cron(10/25 8 * * ? *)', '2026-01-01T00:00Z', 3)).toEqual([
    '2026-01-01T08:10',
    '2026-01-01T08:35',
    '2026-01-02T08:10',
  ]);
});

test('The nth and the last weekday of a month, and its last day, are understood', () => {
  expect(next('cron(0 0 ? * 6#2 *)', '2026-01-01T00:00Z')).toEqual(['2026-01-09T00:00']);
  expect(next('cron(0 0 ? * 6L *)', '2026-01-01T00:00Z')).toEqual(['2026-01-30T00:00']);
  expect(next('cron(0 0 L * ? *)', '2026-02-01T00:00Z')).toEqual(['2026-02-28T00:00']);
});

test('The year narrows the schedule', () => {
  expect(next('cron(0 0 1 1 ? 2028)', '2026-01-01T00:00Z', 2)).toEqual(['2028-01-01T00:00']);
  expect(next('cron(0 0 1 1 ? 2027-2028,2030)', '2026-06-01T00:00Z', 4)).toEqual([
    '2027-01-01T00:00',
    '2028-01-01T00:00',
    '2030-01-01T00:00',
  ]);
});

test('What is no AWS schedule is refused with the reason', () => {
  for (const [expression, reason] of [
    ['0 12 * * ? *', /must be cron\(/],
    ['cron(0 12 * * ?)', /must be cron\(/],
    ['cron(0 12 * * * *)', /exactly one of/],
    ['cron(0 12 ? * ? *)', /exactly one of/],
    ['cron(0 12 15W * ? *)', /W in day-of-month is not modelled/],
    ['cron(99 12 * * ? *)', /Invalid schedule expression/],
    ['cron(0 12 ? * 9 *)', /Invalid schedule expression/],
    ['cron(0 12 * * ? soon)', /not a year/i],
  ] as const) {
    expect(() => parseSchedule(expression), expression).toThrow(reason);
  }
});
