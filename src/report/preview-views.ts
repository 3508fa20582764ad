import type { PreviewView } from '../lake/preview/preview.ts';
import type { Counts } from '../lake/preview/row-changes.ts';
import type { NamedKey } from '../lake/preview/view-changes.ts';
import { code, folded, number, plain, shortened, tables } from './markdown.ts';

/** Columns that one cell of a table names: more of them are in a folded table of their own. */
const COLUMNS_SHOWN = 3;

export const VIEW_COLUMNS = [
  'View',
  '',
  'Added',
  'Changed',
  'Removed',
  'Columns',
  'New columns',
  'Columns that go',
] as const;
export const VIEW_NUMBERS = VIEW_COLUMNS.slice(2, 6);

/** A row for the view of an entity1, and one for each further view of it that changes. */
export function viewRows(view: PreviewView): string[][] {
  const what = { appears: '**appears**', changes: 'changes', empty: 'loses all rows' }[view.change];
  const [first, ...further] = view.parts;
  return [
    [
      code(view.view),
      what,
      ...changeCells(view),
      number(view.columns),
      columnsNamed(first?.new_columns ?? view.new_columns),
      columnsNamed(view.gone_columns),
    ],
    ...further
      .filter(({ change }) => change !== 'same')
      .map((part) => [
        code(part.view),
        { appears: '**appears**', changes: 'changes', empty: 'has no key left', same: '' }[part.change],
        ...['', '', ''],
        number(part.columns),
        columnsNamed(part.new_columns),
        '',
      ]),
  ];
}

/** Rows: added, changed, removed. */
export function changeCells({ added, changed, removed }: Counts): string[] {
  return [added, changed, removed].map((count) => (count === 0 ? '' : number(count)));
}

/** Every column of the lists that are too long for a cell, folded. */
export function columnLists({ view, parts, new_columns, gone_columns }: PreviewView): string[] {
  const of = parts.length === 0 ? [{ view, new_columns }] : parts;
  return [
    ...of.flatMap((part) => allColumns('new columns', part.view, part.new_columns)),
    ...allColumns('columns that go', view, gone_columns),
  ];
}

/** What the rules make of a view, one change a row. */
export function ruleRows({ view, renamed_columns, by_rules }: PreviewView): string[][] {
  return [
    ...renamed_columns.map(({ was, column }) => [code(view), `${code(was)} becomes ${code(column)}`]),
    ...by_rules.map((change) => [code(view), plain(change)]),
  ];
}

function columnsNamed(columns: readonly NamedKey[]): string {
  if (columns.length > COLUMNS_SHOWN) return `${number(columns.length)}, below`;
  return columns
    .map(({ key, column }) => (key === column ? code(column) : `${code(column)} (${plain(shortened(key))})`))
    .join(', ');
}

function allColumns(what: string, view: string, columns: readonly NamedKey[]): string[] {
  if (columns.length <= COLUMNS_SHOWN) return [];
  const rows = columns.map(({ key, column }) => [code(column), plain(shortened(key))]);
  const title = `${number(columns.length)} ${what} of <code>${view}</code>`;
  return tables(['Column', 'Key'], rows).map((part) => folded(title, part));
}
