import { describe, expect, it } from 'vitest';
import type { RowDifference } from '../../../src/lake/row-difference.ts';
import { differenceLines } from '../../../src/verbs/difference-lines.ts';

const COLUMNS = [
  'entity1',
  'entity2',
  'entity3',
  'entity4',
  ...[...'abcdefghij'].map((name) => `column_${name}`),
];
const NONE: RowDifference = {
  columns: COLUMNS,
  only_in_athena: [],
  only_in_spark: [],
  other_values: [],
  same_as_text: { rows: 0, first: null },
  first_rows: null,
};
const linesOf = (found: Partial<RowDifference>) => differenceLines({ ...NONE, ...found });
const differing = (column: string, athena: string | null, spark: string | null, entity2 = 'x') => ({
  column,
  rows: 1,
  examples: [{ entity: ['wide', entity2, '', null], athena, spark }],
});
const valuesOf = (athena: string | null, spark: string | null) =>
  linesOf({ other_values: [differing('loud', athena, spark)] })[0]?.replace(
    'loud differs in 1 row: entity2="x": ',
    '',
  );

describe('the lines of a view that differs', () => {
  it('name the column with both values, and the entity by what tells it from others', () => {
    const examples = [...'xyz'].map((entity2) => ({
      entity: ['wide', entity2, '', ''],
      athena: 'ß',
      spark: 'SS',
    }));
    expect(linesOf({ other_values: [{ column: 'loud', rows: 2000, examples }] })).toEqual([
      'loud differs in 2,000 rows: entity2="x": "ß" in Athena, "SS" in Spark; entity2="y": "ß" in Athena, "SS" in Spark; ' +
        'entity2="z": "ß" in Athena, "SS" in Spark',
    ]);
    expect(linesOf({ other_values: [differing('loud', 'ß', null, '')], first_rows: 10_000 })).toEqual([
      'loud differs in 1 row of the first 10,000: entity1="wide": "ß" in Athena, null in Spark',
    ]);
  });

  it('stay few on a wide view', () => {
    const other_values = Array.from({ length: 30 }, (_, n) => differing(`c${n}`, '1', '2'));
    const lines = linesOf({ other_values });
    expect(lines).toHaveLength(6);
    expect(lines[5]).toMatch(/^so do c5, c6, .*, c24 and 5 more columns$/);
    const row = COLUMNS.map(() => 'v');
    expect(linesOf({ only_in_spark: [row] })).toEqual([
      expect.stringMatching(/column_h="v" and 2 more columns$/),
    ]);
  });

  it('show of long values the place where they part', () => {
    const long = 'a'.repeat(100);
    expect(valuesOf(`${long}b${long}`, `${long}c`)).toBe(
      `…"${'a'.repeat(20)}b${'a'.repeat(39)}"… in Athena, …"${'a'.repeat(20)}c" in Spark`,
    );
    expect(valuesOf(`${long}b`, 'a')).toBe(`"${'a'.repeat(60)}"… in Athena, "a" in Spark`);
  });

  it('write values that look the same as code points', () => {
    expect(valuesOf('a b', 'a\u00a0b')).toBe('"a b" in Athena, "a\\u{a0}b" in Spark');
    expect(valuesOf('ab', 'a\u200bb')).toBe('"ab" in Athena, "a\\u{200b}b" in Spark');
    expect(valuesOf('é', 'e\u0301')).toBe('"\\u{e9}" in Athena, "e\\u{301}" in Spark');
    expect(valuesOf('é', 'è')).toBe('"é" in Athena, "è" in Spark');
  });

  it('say of rows that are the same as text that they are, and do not repeat them', () => {
    expect(linesOf({ same_as_text: { rows: 2, first: ['wide', 'x', 'y', ''] } })).toEqual([
      'the rows look the same as text in both engines, with other fingerprints: 2 rows, first entity2="x" entity3="y": ' +
        'most likely a column has a type whose values the engines write in several ways, such as double or timestamp',
    ]);
  });

  it('tell what was changed meanwhile from what lies beyond the rows that were compared', () => {
    expect(linesOf({})).toEqual([expect.stringMatching(/have changed since they were verified$/)]);
    expect(linesOf({ first_rows: 10_000 })).toEqual([
      '10,000 rows were compared and are the same: others differ',
    ]);
  });
});
