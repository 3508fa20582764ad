import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verb } from './lake.ts';

const vector = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8'));

type Values = Readonly<
  Record<string, { values: Readonly<Record<string, string>>; others: readonly string[] }>
>;
type Expression = { readonly expression: string; readonly type: string; readonly value: string | null };

const VALUES: Values = vector('values');
const EXPRESSIONS: readonly Expression[] = vector('expressions');
const ROW: { values: Readonly<Record<string, string>>; cast: Readonly<Record<string, string>> } =
  vector('expression-row');
const TYPES = Object.keys(VALUES);

const field = (text: string) => `"${text.replaceAll('"', '""')}"`;
const csv = (rows: readonly (readonly string[])[]) =>
  ['entity1,entity2,entity3,entity4,key,value', ...rows.map((row) => row.map(field).join(','))].join('\n') +
  '\n';

/** Texts of each type, a row of all that expressions read, and values that come again: what the rules are tried on. */
export const FIRST_FILE = csv([
  ...Object.entries(ROW.values).map(([key, value]) => ['custom row', 'x', '', '', key, value]),
  ...Object.entries(VALUES).flatMap(([type, { values, others }]) =>
    [...Object.keys(values), ...others].map((text, n) => ['custom values', `${100 + n}`, '', '', type, text]),
  ),
  ['custom latest', 'a', '', '', 'k', 'z'],
  ['custom latest', 'a', '', '', 'tie', '1'],
  ['custom latest', 'a', '', '', 'tie', '2'],
  ['custom latest', 'b', '', '', 'k', ''],
  ['custom latest', 'c', '', '', 'hidden', 'out'],
]);
/** Ingested later. */
export const SECOND_FILE = csv([['custom latest', 'a', '', '', 'k', 'a']]);

const RULES = {
  views: [
    { pattern: 'custom *', comment: 'By rules' },
    {
      entity1: 'custom row',
      cast: ROW.cast,
      extra_columns: Object.fromEntries(
        EXPRESSIONS.map(({ expression, type }, n) => [`x${n}`, { expression, type }]),
      ),
    },
    { entity1: 'custom values', cast: Object.fromEntries(TYPES.map((type) => [type, type])) },
    {
      entity1: 'custom latest',
      repeated_values: 'latest',
      leave_out: ['hidden'],
      rename: { k: 'renamed' },
      extra_columns: { more: { expression: "renamed || '!'" } },
      filter: 'hidden IS NULL',
      order: ['tie'],
      comments: { renamed: 'The latest' },
    },
  ],
};

/** Sends rules as `upload-assets` does, from a file that is JSON, as YAML may be. */
export async function sendRules(rules: object = RULES): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mydatahub-rules-'));
  try {
    writeFileSync(join(folder, 'views.yml'), JSON.stringify(rules));
    await verb('upload-assets', '--views', join(folder, 'views.yml'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a query of `SELECT x0, x1, …` has to give. */
export const EXPRESSION_COLUMNS = EXPRESSIONS.map((_, n) => `x${n}`);
export const EXPRESSION_VALUES = EXPRESSIONS.map(({ expression, value }) => [expression, value]);
export const withExpressions = (row: readonly (string | null)[] | undefined) =>
  EXPRESSIONS.map(({ expression }, n) => [expression, row?.[n]]);

/** The rows of `custom values`, ordered by entity2: the value of each type, in the order of the columns. */
export function expectedValues(columns: readonly string[]): (string | null)[][] {
  const typeOf = new Map(TYPES.map((type) => [type.replace(/[(,]/g, '_').replace(')', ''), type]));
  const longest = Math.max(
    ...Object.values(VALUES).map((of) => Object.keys(of.values).length + of.others.length),
  );
  return Array.from({ length: longest }, (_, n) =>
    columns.map((column) => Object.values(VALUES[typeOf.get(column) ?? '']?.values ?? {})[n] ?? null),
  );
}
