import type {
  DataPreview,
  PreviewFile,
  PreviewView,
  ShownCell,
  ShownPlace,
} from '../lake/preview/preview.ts';
import type { Counts } from '../lake/preview/row-changes.ts';
import { BREACH_COLUMNS, breachRows } from './broken-files.ts';
import { code, number, plain, table } from './markdown.ts';

/** Bytes of the rows of one table: longer lists go on in a table of their own, so that a comment can end between them. */
const TABLE_BYTES = 30_000;
/** Longest text of a source file that is shown, in characters. */
const TEXT_SHOWN = 60;
/** Columns that one cell of a table names: more of them are in a folded table of their own. */
const COLUMNS_SHOWN = 3;
/** Views that the sentence names. */
const NAMED = 3;

const CHANGES: Readonly<Record<PreviewFile['change'], string>> = {
  new: 'new',
  changed: 'changed',
  removed: 'removed',
  moved: 'moved',
  copy: 'same content as',
};

/** A preview as parts of Markdown, each of which stands by itself: a comment may end after any of them. */
export function previewParts(preview: DataPreview, title: string): string[] {
  const { broken, limits, files, views, collisions, conflicts, value_changes } = preview;
  return [
    `## ${plain(title)}\n\n${previewSentence(preview)}`,
    ...(broken.length === 0 ? [] : [alert('CAUTION', brokenSentence(broken.length))]),
    ...limits.filter(({ level }) => level === 'over').map(({ text }) => alert('CAUTION', plain(text))),
    ...limits.filter(({ level }) => level !== 'over').map(({ text }) => alert('WARNING', plain(text))),
    ...tables(BREACH_COLUMNS, breachRows(broken), ['Line']),
    ...titled('Files', tables(FILE_COLUMNS, files.map(fileRow), FILE_NUMBERS)),
    ...titled('Views', tables(VIEW_COLUMNS, views.map(viewRow), VIEW_NUMBERS)),
    ...views.flatMap((view) => [
      ...allColumns('new columns', view, view.new_columns),
      ...allColumns('columns without data now', view, view.gone_columns),
    ]),
    ...titled('Names', tables(['Text', 'Would be', 'Becomes', 'Because'], collisions.map(collisionRow))),
    ...titled('Conflicting values', conflictParts(conflicts)),
    ...titled('Changed values', cellTables(value_changes, ['Before', 'After'])),
    `<sub>Compared with ${plain(preview.base)}.${notes(preview)}</sub>`,
  ];
}

/** What would happen, in plain words. */
export function previewSentence({ files, rows, views, conflicts, broken }: DataPreview): string {
  if (files.length === 0 && broken.length === 0) return 'No source file changes.';
  const sentences = [
    `${files.length === 1 ? '1 file differs' : `${number(files.length)} files differ`}; ${rowsSentence(rows)}.`,
  ];
  const appear = views.filter(({ change }) => change === 'appears');
  const empty = views.filter(({ change }) => change === 'empty');
  const wider = views.filter(({ change, new_columns }) => change === 'changes' && new_columns.length > 0);
  if (appear.length > 0) sentences.push(`${viewsNamed(appear)} appear${appear.length === 1 ? 's' : ''}.`);
  if (wider.length > 0)
    sentences.push(`${viewsNamed(wider)} get${wider.length === 1 ? 's' : ''} new columns.`);
  if (empty.length > 0) sentences.push(`${viewsNamed(empty)} lose${empty.length === 1 ? 's' : ''} all rows.`);
  if (conflicts.new > 0)
    sentences.push(
      `${number(conflicts.new)} ${conflicts.new === 1 ? 'cell gets' : 'cells get'} a second value.`,
    );
  return sentences.join(' ');
}

function rowsSentence({ added, changed, removed }: Counts): string {
  const told = [
    [added, 'added'],
    [changed, 'changed'],
    [removed, 'removed'],
  ] as const;
  const some = told.filter(([count]) => count > 0).map(([count, what]) => `${number(count)} ${what}`);
  return some.length === 0 ? 'no row changes' : `rows: ${some.join(', ')}`;
}

function viewsNamed(views: readonly PreviewView[]): string {
  const names = views.slice(0, NAMED).map(({ view }) => code(view));
  const more = views.length - names.length;
  const all = more > 0 ? [...names, `${number(more)} more`] : names;
  const last = all.pop() ?? '';
  return `${views.length === 1 ? 'The view' : 'The views'} ${all.length === 0 ? last : `${all.join(', ')} and ${last}`}`;
}

function brokenSentence(files: number): string {
  return (
    `${files === 1 ? '1 file breaks' : `${number(files)} files break`} the contract: a push of this folder would be ` +
    'refused as a whole. Below is what the other files would do.'
  );
}

const FILE_COLUMNS = ['File', '', 'Rows before', 'Rows after', 'Added', 'Changed', 'Removed'];
const FILE_NUMBERS = FILE_COLUMNS.slice(2);

function fileRow(file: PreviewFile): string[] {
  const { path, change, as, rows_before, rows_after, rows_stay } = file;
  const how = `${CHANGES[change]}${as === null ? '' : `${change === 'moved' ? ' from' : ''} ${code(as)}`}`;
  const count = (rows: number | null) => (rows === null ? '' : number(rows));
  const note = change === 'removed' && rows_stay ? 'removed; its rows stay' : how;
  return [code(path), note, count(rows_before), count(rows_after), ...changeCells(file)];
}

const VIEW_COLUMNS = [
  'View',
  '',
  'Added',
  'Changed',
  'Removed',
  'Columns',
  'New columns',
  'Without data now',
];
const VIEW_NUMBERS = VIEW_COLUMNS.slice(2, 6);

function viewRow(view: PreviewView): string[] {
  const what = { appears: '**appears**', changes: 'changes', empty: 'loses all rows' }[view.change];
  return [
    code(view.view),
    what,
    ...changeCells(view),
    number(view.columns),
    columnsNamed(view.new_columns),
    columnsNamed(view.gone_columns),
  ];
}

function changeCells({ added, changed, removed }: Counts): string[] {
  return [added, changed, removed].map((count) => (count === 0 ? '' : number(count)));
}

function columnsNamed(columns: PreviewView['new_columns']): string {
  if (columns.length > COLUMNS_SHOWN) return `${number(columns.length)}, below`;
  return columns
    .map(({ key, column }) => (key === column ? code(column) : `${code(column)} (${plain(shortened(key))})`))
    .join(', ');
}

/** Every column of a list that is too long for a cell, folded. */
function allColumns(what: string, { view }: PreviewView, columns: PreviewView['new_columns']): string[] {
  if (columns.length <= COLUMNS_SHOWN) return [];
  const rows = columns.map(({ key, column }) => [code(column), plain(shortened(key))]);
  const title = `${number(columns.length)} ${what} of <code>${view}</code>`;
  return tables(['Column', 'Key'], rows).map((part) => folded(title, part));
}

function collisionRow({
  kind,
  text,
  view,
  wanted,
  name,
  taken_by,
}: DataPreview['collisions'][number]): string[] {
  const of = kind === 'view' ? 'entity1' : `key of ${code(view)}`;
  const holder =
    taken_by === null ? 'the name is kept for the entity' : `${code(shortened(taken_by))} has that name`;
  return [`${code(shortened(text))} (${of})`, code(wanted), code(name), holder];
}

function conflictParts(conflicts: DataPreview['conflicts']): string[] {
  if (conflicts.after === 0) return [];
  const fresh = conflicts.new === 0 ? 'none of them new' : `${number(conflicts.new)} of them new`;
  const cells = conflicts.after === 1 ? '1 cell has' : `${number(conflicts.after)} cells have`;
  const what = `${cells} more than one value, ${fresh}. A view shows the greatest in byte order.`;
  return [what, ...cellTables(conflicts.examples, ['One row', 'Another row'])];
}

function cellTables(cells: readonly ShownCell[], [one, other]: readonly [string, string]): string[] {
  const rows = cells.map(({ view, column, places }) => [
    code(view),
    code(column),
    placeCell(places[0]),
    placeCell(places[1]),
  ]);
  return tables(['View', 'Column', one, other], rows);
}

function placeCell({ path, line, was, value }: ShownPlace): string {
  const place = `${code(`${path}:${line}`)}${was ? ' (before)' : ''}`;
  return value === null ? place : `${code(value)} at ${place}`;
}

function notes({ mode, names_of_lake, unchanged }: DataPreview): string {
  const told = [` ${unchanged === 1 ? '1 file is' : `${number(unchanged)} files are`} the same.`];
  if (mode === 'append') told.push(' This lake appends: rows that were ingested stay.');
  if (!names_of_lake)
    told.push(' Names are those that a new lake would give; names that the lake has given already stay.');
  return told.join('');
}

function tables(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly string[] = [],
): string[] {
  const found: (readonly string[])[][] = [];
  let room = 0;
  for (const row of rows) {
    const size = Buffer.byteLength(row.join(' | '));
    if (size > room) {
      found.push([]);
      room = TABLE_BYTES;
    }
    found.at(-1)?.push(row);
    room -= size;
  }
  return found.map((some) => table(columns, some, numbers));
}

/** A text of a source file, which may be long. */
function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= TEXT_SHOWN ? text : `${characters.slice(0, TEXT_SHOWN).join('')}…`;
}

function titled(title: string, markdown: readonly string[]): string[] {
  const [first, ...rest] = markdown;
  return first === undefined ? [] : [`### ${title}\n\n${first}`, ...rest];
}

function alert(kind: 'CAUTION' | 'WARNING', text: string): string {
  return `> [!${kind}]\n> ${text}`;
}

function folded(title: string, markdown: string): string {
  return `<details><summary>${title}</summary>\n\n${markdown}\n\n</details>`;
}
