import type {
  DataPreview,
  PreviewFile,
  PreviewRules,
  PreviewView,
  ShownCell,
  ShownPlace,
} from '../lake/preview/preview.ts';
import type { Counts } from '../lake/preview/row-changes.ts';
import { listed } from '../lake/words.ts';
import { BREACH_COLUMNS, breachRows } from './broken-files.ts';
import { brokenRules, PROBLEM_COLUMNS, PROBLEM_NUMBERS, problemRows } from './broken-rules.ts';
import { alert, code, number, plain, shortened, tables, titled } from './markdown.ts';
import { changeCells, columnLists, ruleRows, VIEW_COLUMNS, VIEW_NUMBERS, viewRows } from './preview-views.ts';

/** Views that the sentence names. */
const NAMED = 3;

/** Of the limits, the worst first. */
const ALERTS = [
  ['over', 'CAUTION'],
  ['near', 'WARNING'],
  ['unknown', 'NOTE'],
] as const;

const CHANGES: Readonly<Record<PreviewFile['change'], string>> = {
  new: 'new',
  changed: 'changed',
  removed: 'removed',
  moved: 'moved',
  copy: 'same content as',
};

/** A preview as parts of Markdown, each of which stands by itself: a comment may end after any of them. */
export function previewParts(preview: DataPreview, title: string): string[] {
  const { broken, limits, files, views, rules, collisions, conflicts, value_changes } = preview;
  return [
    `## ${plain(title)}\n\n${previewSentence(preview)}`,
    ...(broken.length === 0 ? [] : [alert('CAUTION', brokenSentence(broken.length))]),
    ...brokenRules(rules),
    ...ALERTS.flatMap(([level, kind]) =>
      limits.filter((limit) => limit.level === level).map(({ text }) => alert(kind, plain(text))),
    ),
    ...tables(BREACH_COLUMNS, breachRows(broken), ['Line']),
    ...tables(PROBLEM_COLUMNS, problemRows(rules), PROBLEM_NUMBERS),
    ...titled('Files', tables(FILE_COLUMNS, files.map(fileRow), FILE_NUMBERS)),
    ...titled('Views', tables(VIEW_COLUMNS, views.flatMap(viewRows), VIEW_NUMBERS)),
    ...views.flatMap(columnLists),
    ...titled(`By ${plain(rules.file)}`, tables(['View', 'What changes'], views.flatMap(ruleRows))),
    ...titled(
      'Names',
      tables(
        ['Text', 'Would be', 'Becomes', 'Because'],
        collisions.map((collision) => collisionRow(collision, rules.file)),
      ),
    ),
    ...titled('Conflicting values', conflictParts(conflicts)),
    ...titled('Changed values', cellTables(value_changes, ['Before', 'After'])),
    `<sub>Compared with ${plain(preview.base)}.${notes(preview)}</sub>`,
  ];
}

/** What would happen, in plain words. */
export function previewSentence({ files, rows, views, rules, conflicts, broken }: DataPreview): string {
  const sentences = [filesSentence(files, rows, broken), ...rulesSentence(rules, views)];
  const appear = views.filter(({ change }) => change === 'appears');
  const empty = views.filter(({ change }) => change === 'empty');
  const wider = views.filter(({ change, new_columns }) => change === 'changes' && new_columns.length > 0);
  const split = views.filter(({ parts }) => parts.some(({ change }, at) => at > 0 && change === 'appears'));
  if (appear.length > 0) sentences.push(`${viewsNamed(appear)} appear${appear.length === 1 ? 's' : ''}.`);
  if (wider.length > 0)
    sentences.push(`${viewsNamed(wider)} get${wider.length === 1 ? 's' : ''} new columns.`);
  for (const { view, parts } of split.slice(0, NAMED))
    sentences.push(`The keys of ${code(view)} take ${number(parts.length)} views.`);
  if (empty.length > 0) sentences.push(`${viewsNamed(empty)} lose${empty.length === 1 ? 's' : ''} all rows.`);
  if (conflicts.new > 0)
    sentences.push(
      `${number(conflicts.new)} ${conflicts.new === 1 ? 'cell gets' : 'cells get'} a second value.`,
    );
  return sentences.join(' ');
}

function filesSentence(
  files: DataPreview['files'],
  rows: DataPreview['rows'],
  broken: DataPreview['broken'],
): string {
  if (files.length === 0 && broken.length === 0) return 'No source file changes.';
  return `${files.length === 1 ? '1 file differs' : `${number(files.length)} files differ`}; ${rowsSentence(rows)}.`;
}

function rulesSentence(
  { file, changed, sent, problems }: PreviewRules,
  views: readonly PreviewView[],
): string[] {
  if (!changed || problems.length > 0) return [];
  if (!sent) return [`${code(file)} changes, which takes effect once it is merged into main.`];
  const changing = views.filter(
    ({ change, by_rules, renamed_columns, gone_columns, new_columns, ...rows }) =>
      by_rules.length + renamed_columns.length > 0 ||
      (change === 'changes' &&
        rows.added + rows.changed + rows.removed === 0 &&
        gone_columns.length + new_columns.length > 0),
  );
  return changing.length === 0
    ? [`${code(file)} changes, and no view with it.`]
    : [`${code(file)} changes ${viewsNamed(changing).replace(/^The/, 'the')}.`];
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
  return `${views.length === 1 ? 'The view' : 'The views'} ${listed(all)}`;
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

function collisionRow(
  { kind, text, view, wanted, name, taken_by, by_rule }: DataPreview['collisions'][number],
  rulesFile: string,
): string[] {
  const of = kind === 'view' ? 'entity1' : `key of ${code(view)}`;
  const holder = by_rule
    ? `${code(rulesFile)} gives that name`
    : taken_by === null
      ? 'the name is kept for the entity'
      : `${code(shortened(taken_by))} has that name`;
  return [`${code(shortened(text))} (${of})`, code(wanted), code(name), holder];
}

function conflictParts(conflicts: DataPreview['conflicts']): string[] {
  if (conflicts.after === 0) return [];
  const fresh = conflicts.new === 0 ? 'none of them new' : `${number(conflicts.new)} of them new`;
  const cells = conflicts.after === 1 ? '1 cell has' : `${number(conflicts.after)} cells have`;
  const what = `${cells} more than one value, ${fresh}. A view shows the greatest in byte order${conflicts.latest ? ', or the latest where a rule asks for it' : ''}.`;
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

function notes({ mode, names_of_lake, unchanged, views }: DataPreview): string {
  const told = [` ${unchanged === 1 ? '1 file is' : `${number(unchanged)} files are`} the same.`];
  if (mode === 'append') told.push(' This lake appends: rows that were ingested stay.');
  if (!names_of_lake)
    told.push(' Names are those that a new lake would give; names that the lake has given already stay.');
  if (!names_of_lake && views.some(({ parts }) => parts.length > 0))
    told.push(
      ' Which of several views holds a key is told the same way: a key stays where the lake has it already.',
    );
  return told.join('');
}
