import type { OtherValues, RowDifference } from '../lake/row-difference.ts';
import { counted } from './progress.ts';

/** Columns with a line of their own, columns that are named besides, cells of a row. */
const COLUMNS_SHOWN = 5;
const COLUMNS_NAMED = 20;
const CELLS_SHOWN = 12;
/** Characters of a value, and those of them before the place where two values part. */
const VALUE_SHOWN = 60;
const BEFORE_SHOWN = 20;

type Value = string | null;

/** The difference as lines: one for each column that differs, one for each row that one engine alone has. */
export function differenceLines(difference: RowDifference): string[] {
  const { columns, only_in_athena, only_in_spark, other_values, same_as_text, first_rows } = difference;
  const among = first_rows === null ? '' : ` of the first ${first_rows.toLocaleString('en')}`;
  const lines = [
    ...other_values.slice(0, COLUMNS_SHOWN).map((found) => columnLine(columns, found, among)),
    ...furtherColumns(other_values.slice(COLUMNS_SHOWN).map(({ column }) => column)),
    ...only_in_athena.map((row) => `only in Athena: ${cells(columns, row)}`),
    ...only_in_spark.map((row) => `only in Spark:  ${cells(columns, row)}`),
  ];
  const { rows, first } = same_as_text;
  if (first !== null) {
    const at = entity(columns, first);
    lines.push(
      `the rows look the same as text in both engines, with other fingerprints: ${counted(rows, 'row')}${among}, first ${at}: ` +
        'most likely a column has a type whose values the engines write in several ways, such as double or timestamp',
    );
  }
  if (lines.length > 0) return lines;
  if (first_rows !== null)
    return [`${counted(first_rows, 'row')} were compared and are the same: others differ`];
  return ['the rows read by now are the same: the views or the table have changed since they were verified'];
}

function columnLine(columns: readonly string[], found: OtherValues, among: string): string {
  const examples = found.examples.map(({ entity: of, athena, spark }) => {
    const [left, right] = sideBySide(athena, spark);
    return `${entity(columns, of)}: ${left} in Athena, ${right} in Spark`;
  });
  return `${found.column} differs in ${counted(found.rows, 'row')}${among}: ${examples.join('; ')}`;
}

function furtherColumns(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more =
    names.length > COLUMNS_NAMED ? ` and ${counted(names.length - COLUMNS_NAMED, 'more column')}` : '';
  return [`so do ${names.slice(0, COLUMNS_NAMED).join(', ')}${more}`];
}

function cells(columns: readonly string[], row: readonly Value[]): string {
  const shown = row.slice(0, CELLS_SHOWN).map((value, index) => cell(columns, index, value));
  const more = row.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${counted(more, 'more column')}`] : [])].join(' ');
}

/** What tells a row from the others of its view, in which entity1 is the same everywhere. */
function entity(columns: readonly string[], values: readonly Value[]): string {
  const parts = values.map((value, index) =>
    value === null || value === '' ? '' : cell(columns, index, value),
  );
  const telling = parts.slice(1).filter((part) => part !== '');
  return telling.length > 0 ? telling.join(' ') : (parts[0] ?? '');
}

function cell(columns: readonly string[], index: number, value: Value): string {
  return `${columns[index] ?? index}=${JSON.stringify(value)}`;
}

/** Two values that differ, each around the place where they part; what would look the same is written as code points. */
function sideBySide(athena: Value, spark: Value): [string, string] {
  if (athena === null || spark === null) return [shortened(athena, 0), shortened(spark, 0)];
  const [left, right] = [[...athena], [...spark]];
  const parts = left.findIndex((character, index) => character !== right[index]);
  const from = Math.max(0, (parts < 0 ? left.length : parts) - BEFORE_SHOWN);
  const shown = [shortened(athena, from), shortened(spark, from)] as const;
  if (look(athena) !== look(spark)) return [...shown];
  return [codePoints(shown[0]), codePoints(shown[1])];
}

/** At most so many characters, from `from` on where the text is longer than that. */
function shortened(value: Value, from: number): string {
  if (value === null) return 'null';
  const characters = [...value];
  if (characters.length <= VALUE_SHOWN) return JSON.stringify(value);
  const end = from + VALUE_SHOWN;
  const text = JSON.stringify(characters.slice(from, end).join(''));
  return `${from > 0 ? '…' : ''}${text}${characters.length > end ? '…' : ''}`;
}

/** The same for texts that people take for the same: composed or not, with other or invisible spaces. */
function look(text: string): string {
  return text.normalize('NFKC').replaceAll(/\p{Cf}/gu, '');
}

function codePoints(text: string): string {
  return text.replaceAll(/[^ -~…]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
