import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { mostPercent, sizeLine } from '../lake/view-size.ts';
import { counted } from '../verbs/progress.ts';
import type { ViewChange, ViewsDiffResult } from '../verbs/views-diff.ts';
import type { ViewsListResult } from '../verbs/views-list.ts';
import { type ViewsShowResult, type ViewsSqlResult, whyNoSql } from '../verbs/views-show.ts';
import { resultText } from './result-text.ts';

type Format = 'table' | 'json' | 'csv';
type Row = (string | null)[];

/** One line a view. */
export function listText(result: ViewsListResult, format: Format): string {
  if (format === 'json') return `${JSON.stringify(result)}\n`;
  const columns = [
    'view',
    'entity1',
    'columns',
    'ATHENA',
    'SPARK',
    'freshness',
    'published',
    'snapshot',
    'size',
  ];
  const rows = result.views.map(
    (each): Row => [
      each.view,
      each.entity1,
      String(each.columns.length),
      each.athena,
      each.spark,
      each.freshness,
      each.published_at,
      each.snapshot_id,
      each.size === null ? null : `${mostPercent(each.size)} %`,
    ],
  );
  return resultText({ columns, rows: format === 'table' ? rows.map(readable) : rows }, format);
}

const MADE_OF = {
  entity: 'entity',
  key: 'key',
  renamed: 'key, renamed',
  extra: 'extra column',
  unknown: 'not known',
} as const;

/** Facts, columns with their keys, and both texts; `csv` has the columns alone. */
export function showText(shown: ViewsShowResult, format: Format): string {
  if (format === 'json') return `${JSON.stringify(shown)}\n`;
  const columns = ['column', 'type', 'made_of', 'original_key'];
  const rows = shown.columns.map(
    ({ column, type, kind, original_key }): Row => [
      column,
      type,
      format === 'csv' ? kind : MADE_OF[kind],
      original_key,
    ],
  );
  if (format === 'csv') return resultText({ columns, rows }, format);
  const { athena, spark, freshness, why, published_at, snapshot_id, size, sql } = shown;
  const facts: readonly (readonly [string, string])[] = [
    ['entity1', shown.entity1 ?? 'not known'],
    ['dialects', `ATHENA ${athena}, SPARK ${spark}`],
    ['freshness', why === null ? freshness : `${freshness}: ${why}`],
    [
      'published',
      `${published_at ?? 'not known when'}, for the keys of snapshot ${snapshot_id ?? 'not known'}`,
    ],
    ['size', size === null ? 'not known' : sizeLine(size)],
  ];
  return [
    `${shown.database}.${shown.view}`,
    ...facts.map(([name, text]) => `  ${name.padEnd(9)}  ${text}`),
    '',
    resultText({ columns, rows: rows.map(readable) }, 'table').trimEnd(),
    '',
    ...(sql === null
      ? [`The SQL is not known: ${whyNoSql(shown)}.`]
      : [`-- ATHENA`, sql.athena, '', `-- SPARK`, sql.spark]),
    '',
  ].join('\n');
}

/** The statement alone, so that it can be piped. */
export function sqlText(shown: ViewsSqlResult, format: Format): string {
  if (format === 'json') return `${JSON.stringify(shown)}\n`;
  return format === 'csv'
    ? resultText(
        { columns: ['view', 'dialect', 'sql'], rows: [[shown.view, shown.dialect, shown.sql]] },
        'csv',
      )
    : `${shown.sql}\n`;
}

const SIGNS = { create: '+', update: '~', drop: '-', mark: '-', keep: '=', leave: '=', refuse: '!' } as const;
const DONE = {
  create: 'created',
  update: 'updated',
  drop: 'dropped, with its grants',
  mark: 'kept, and its description says so',
  keep: 'kept as it is',
  leave: 'left alone',
  refuse: 'NOT published, it stays as it was',
} as const;
const NOT_THERE_YET = 'NOT published, and it is not there yet';

/** A line for each view that would change, with a unified diff of its columns; `csv` one row each. */
export function diffText(result: ViewsDiffResult, format: Format): string {
  if (format === 'json') return `${JSON.stringify(result)}\n`;
  if (format === 'csv') return resultText(diffTable(result), 'csv');
  const { database, views, unchanged, not_known } = result;
  const lines = views.flatMap((change) => [
    `${SIGNS[change.change]} ${database}.${change.view}: ${done(change)}: ${change.why}`,
    ...columnLines(database, change),
  ]);
  if (not_known === null) {
    const nothing = views.length === 0 ? 'nothing to change' : `${counted(views.length, 'view')} above`;
    lines.push(`${nothing}, ${counted(unchanged, 'view')} unchanged`);
  } else lines.push(...knownAndNot(views.length, unchanged, not_known));
  return `${lines.join('\n')}\n`;
}

function done({ change, columns_now }: ViewChange): string {
  return change === 'refuse' && columns_now.length === 0 ? NOT_THERE_YET : DONE[change];
}

/** What has changed since the last run may change views further, so that nothing is said to stay as it is. */
function knownAndNot(
  above: number,
  others: number,
  { what, why, cure }: NonNullable<ViewsDiffResult['not_known']>,
): string[] {
  const known =
    above + others === 0
      ? 'no view is published'
      : `${above === 0 ? '' : `${counted(above, 'view')} above; `}${counted(others, 'view')} as the last run left ${others === 1 ? 'it' : 'them'}`;
  return [`KNOWN: ${known}`, `NOT KNOWN: ${what}, since ${why}`, `  to find out: ${cure}`];
}

function diffTable({ views }: ViewsDiffResult) {
  const columns = [
    'view',
    'entity1',
    'change',
    'why',
    'columns_added',
    'columns_removed',
    'types_changed',
    'types_new',
  ];
  const rows = views.map((change): Row => {
    const now = new Set(change.columns_now);
    const wanted = new Set(change.columns_wanted);
    return [
      change.view,
      change.entity1,
      change.change,
      change.why,
      change.columns_wanted.filter((column) => !now.has(column)).join(' '),
      change.columns_now.filter((column) => !wanted.has(column)).join(' '),
      change.types_changed.map(({ column, now, wanted }) => `${column} ${now} -> ${wanted}`).join('; '),
      Object.entries(change.types_new)
        .map((each) => each.join(' '))
        .join('; '),
    ];
  });
  return { columns, rows };
}

/** A column that gets another type is a line less and a line more, each with its type; a new one has its own if it is no text. */
function columnLines(database: string, change: ViewChange): string[] {
  const { view, columns_now, columns_wanted, types_changed, types_new } = change;
  const text = (columns: readonly string[], side: 'now' | 'wanted') => {
    const typed = new Map(types_changed.map((each) => [each.column, each[side]]));
    if (side === 'wanted') for (const [column, type] of Object.entries(types_new)) typed.set(column, type);
    return columns.map((column) => `${[column, typed.get(column)].join(' ').trimEnd()}\n`).join('');
  };
  const name = `${database}.${view}`;
  const patch = createTwoFilesPatch(
    `${name} (now)`,
    `${name} (wanted)`,
    text(columns_now, 'now'),
    text(columns_wanted, 'wanted'),
    undefined,
    undefined,
    { context: 1, headerOptions: FILE_HEADERS_ONLY },
  );
  const lines = patch.trimEnd().split('\n');
  return lines.some((line) => line.startsWith('@@')) ? lines.map((line) => `  ${line}`) : [];
}

/** What is not known is a dash for people. */
function readable(row: Row): Row {
  return row.map((cell) => cell ?? '-');
}
