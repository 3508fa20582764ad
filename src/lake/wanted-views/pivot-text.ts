import { athenaIdentifier, athenaName } from '../athena-sql.ts';
import { byBytes, RESERVED_COLUMNS } from '../naming.ts';

/** How a view takes its columns from the rows (docs/views.md). */
export const FORMS = ['auto', 'chunked', 'case'] as const;
export type Form = (typeof FORMS)[number];
/** The SELECT that each engine gets. */
export type ViewTexts = { readonly athena: string; readonly spark: string };
/** What stands after FROM in each dialect. */
export type Source = ViewTexts;

const MOST_CASES = 16;
const RANGE_KEYS = 35;
const MOST_RANGES = 16;
const GROUPS = RESERVED_COLUMNS.join(', ');
/** The columns of an entity but entity1, which is the same in all rows of a view. */
const OTHERS = RESERVED_COLUMNS.slice(1);
const OTHER_GROUPS = OTHERS.join(', ');

/**
 * The SQL of an entity view without rules, letter by letter as glue-scripts/mydatahub_glue/pivot.py has it, because AWS's limits
 * are about its length: test/vectors/wanted-views holds both to the same sizes.
 *
 * @param columns key to column
 */
export function pivotTexts(
  source: Source,
  entity1: string,
  columns: ReadonlyMap<string, string>,
  form: Form,
): ViewTexts {
  const keys = [...columns.keys()].sort(byBytes);
  const named = keys.map((key): Named => [key, columns.get(key) ?? '']);
  const chunked = keys.length > 0 && (form === 'chunked' || (form === 'auto' && keys.length > MOST_CASES));
  return chunked
    ? {
        athena: athenaChunked(source.athena, entity1, named),
        spark: sparkChunked(source.spark, entity1, named),
      }
    : {
        athena: byCases(source.athena, 'VARCHAR', athenaString, athenaIdentifier, entity1, named),
        spark: byCases(source.spark, 'STRING', sparkString, sparkIdentifier, entity1, named),
      };
}

export function tableSource(database: string, table: string): Source {
  return {
    athena: athenaName(database, table),
    spark: `${sparkIdentifier(database)}.${sparkIdentifier(table)}`,
  };
}

/** Columns chosen, in their order, from another SELECT. */
export function chosenColumns(columns: readonly string[], { athena, spark }: ViewTexts): ViewTexts {
  const level = (identifier: (name: string) => string, inner: string) =>
    `SELECT ${[...RESERVED_COLUMNS, ...columns.map(identifier)].join(', ')} FROM (${inner})`;
  return { athena: level(athenaIdentifier, athena), spark: level(sparkIdentifier, spark) };
}

/** A key and its column. */
type Named = readonly [string, string];

function byCases(
  source: string,
  type: string,
  string: (text: string) => string,
  identifier: (name: string) => string,
  entity1: string,
  named: readonly Named[],
): string {
  const selected = [
    ...RESERVED_COLUMNS.map((name) => `CAST(${name} AS ${type}) AS ${identifier(name)}`),
    ...named.map(
      ([key, column]) =>
        `CAST(MAX(CASE WHEN key = ${string(key)} THEN value END) AS ${type}) AS ${identifier(column)}`,
    ),
  ];
  return `SELECT ${selected.join(', ')} FROM ${source} WHERE entity1 = ${string(entity1)} GROUP BY ${GROUPS}`;
}

function athenaChunked(source: string, entity1: string, named: readonly Named[]): string {
  const [values, maps, within]: [string[], string[], string[]] = [[], [], []];
  for (const [number, some] of ranges(named).entries()) {
    const [first = '', last = ''] = [some[0]?.[0], some.at(-1)?.[0]];
    within.push(`key BETWEEN ${athenaString(first)} AND ${athenaString(last)} AS r${number}`);
    const pairs = `array_agg(IF(r${number}, ROW(k, v))) FILTER (WHERE r${number} AND v IS NOT NULL)`;
    maps.push(`transform_values(multimap_from_entries(${pairs}), (x, y) -> array_max(y)) AS m${number}`);
    for (const [key, column] of some)
      values.push(`element_at(m${number},${athenaString(key)}) ${athenaIdentifier(column)}`);
  }
  const entity = athenaString(entity1);
  return (
    `SELECT CAST(${entity} AS VARCHAR) AS entity1, ${OTHER_GROUPS}, ${values.join(',')} FROM (SELECT ${OTHER_GROUPS}, ` +
    `${maps.join(', ')} FROM (SELECT ${casts('VARCHAR')}, key AS k, CAST(value AS VARCHAR) AS v, ${within.join(', ')} ` +
    `FROM ${source} WHERE entity1 = ${entity}) GROUP BY ${OTHER_GROUPS})`
  );
}

function sparkChunked(source: string, entity1: string, named: readonly Named[]): string {
  const [values, arrays, lists, ends]: [string[], string[], string[], string[]] = [[], [], [], []];
  for (const [number, some] of ranges(named).entries()) {
    ends.push(`WHEN key <= ${sparkString(some.at(-1)?.[0] ?? '')} THEN ${number}`);
    lists.push(`sort_array(collect_list(struct(k, v)) FILTER (WHERE r = ${number}), false) AS a${number}`);
    arrays.push(`a${number}.k AS ${number}k, concat(array(NULL), a${number}.v) AS ${number}v`);
    for (const [key, column] of some) {
      const position = `array_position(${number}k,${sparkString(key)})`;
      values.push(`${number}v[${position}] ${sparkIdentifier(column)}`);
    }
  }
  const ranged = `CASE WHEN key < ${sparkString(named[0]?.[0] ?? '')} THEN NULL ${ends.join(' ')} END`;
  return (
    `SELECT ${sparkString(entity1)} AS entity1, ${OTHER_GROUPS}, ${values.join(',')} FROM (SELECT ${OTHER_GROUPS}, ` +
    `${arrays.join(', ')} FROM (SELECT ${OTHER_GROUPS}, ${lists.join(', ')} FROM (SELECT ${casts('STRING')}, ` +
    `key AS k, CAST(value AS STRING) AS v, ${ranged} AS r FROM ${source} ` +
    `WHERE entity1 = ${sparkString(entity1)}) GROUP BY ${OTHER_GROUPS}))`
  );
}

function ranges(named: readonly Named[]): (readonly Named[])[] {
  const count = Math.min(MOST_RANGES, Math.ceil(named.length / RANGE_KEYS));
  const at = (range: number) => Math.floor((named.length * range) / count);
  return Array.from({ length: count }, (_, range) => named.slice(at(range), at(range + 1)));
}

function casts(type: string): string {
  return OTHERS.map((name) => `CAST(${name} AS ${type}) AS ${name}`).join(', ');
}

function athenaString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function sparkString(text: string): string {
  return `'${text.replace(/['\\$[\p{Cc}&&\p{ASCII}]]/gv, escaped)}'`;
}

function escaped(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`;
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function sparkIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
