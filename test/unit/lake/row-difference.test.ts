import { describe, expect, it } from 'vitest';
import { type FirstRows, rowDifference } from '../../../src/lake/row-difference.ts';

const COLUMNS = ['entity1', 'entity2', 'entity3', 'entity4', 'a', 'b'];
/** A row of the view of `e`, with a hash as the engines give it: of its entity first. */
const row = (entity2: string, a: string | null = '', b: string | null = '', told = `${a}${b}`) => ({
  hash: entity2.repeat(64) + told,
  values: ['e', entity2, '', '', a, b],
});
const all = (...rows: FirstRows['rows']): FirstRows => ({ rows, complete: true });
const first = (...rows: FirstRows['rows']): FirstRows => ({ rows, complete: false });
const difference = (athena: FirstRows, spark: FirstRows) => rowDifference(COLUMNS, athena, spark);
const entities = (rows: readonly (readonly (string | null)[])[]) => rows.map(([, entity2]) => entity2);

describe('rows that one engine alone has', () => {
  it('are found on both sides', () => {
    const { only_in_athena, only_in_spark } = difference(
      all(row('a'), row('b'), row('d')),
      all(row('a'), row('c'), row('d')),
    );
    expect([only_in_athena, only_in_spark]).toEqual([[row('b').values], [row('c').values]]);
  });

  it('are found when a row stands twice on one side', () => {
    const { only_in_athena, only_in_spark } = difference(all(row('a'), row('a')), all(row('a')));
    expect([only_in_athena, only_in_spark]).toEqual([[row('a').values], []]);
  });

  it('are not claimed beyond the end of a list that goes on', () => {
    const { only_in_athena, only_in_spark } = difference(
      first(row('a'), row('b')),
      all(row('a'), row('b'), row('c')),
    );
    expect([only_in_athena, only_in_spark]).toEqual([[], []]);
  });

  it('are not claimed of the entity at which a list was cut, whose other row may come next', () => {
    const { only_in_athena, other_values } = difference(
      first(row('a'), row('b', '1')),
      all(row('a'), row('b', '2')),
    );
    expect([only_in_athena, other_values]).toEqual([[], []]);
  });

  it('are shown up to ten', () => {
    const rows = [...'abcdefghijkl'].map((entity2) => row(entity2));
    expect(entities(difference(all(...rows), all()).only_in_athena)).toEqual([...'abcdefghij']);
  });
});

describe('rows that both engines have with other values', () => {
  it('are told by their columns, with the first values of each', () => {
    const rows = [...'abcde'];
    const found = difference(
      all(...rows.map((entity2) => row(entity2, '1', entity2 === 'c' ? null : 'x'))),
      all(...rows.map((entity2) => row(entity2, '2', 'x'))),
    );
    const example = (entity2: string, athena: string | null, spark: string | null) => ({
      entity: ['e', entity2, '', ''],
      athena,
      spark,
    });
    expect(found).toEqual({
      columns: COLUMNS,
      only_in_athena: [],
      only_in_spark: [],
      other_values: [
        {
          column: 'a',
          rows: 5,
          examples: [example('a', '1', '2'), example('b', '1', '2'), example('c', '1', '2')],
        },
        { column: 'b', rows: 1, examples: [example('c', null, 'x')] },
      ],
      same_as_text: { rows: 0, first: null },
      first_rows: null,
    });
  });

  it('tell NULL from the empty text, and see columns that the hash does not cover', () => {
    const { other_values } = difference(all(row('a', null, '', 'h')), all(row('a', '', '', 'h')));
    expect(other_values).toMatchObject([{ column: 'a', examples: [{ athena: null, spark: '' }] }]);
  });

  it('are counted apart when both engines write them alike', () => {
    const found = difference(all(row('a', '1', '', '1.0E0')), all(row('a', '1', '', '1')));
    expect(found).toMatchObject({
      only_in_athena: [],
      only_in_spark: [],
      other_values: [],
      same_as_text: { rows: 1, first: ['e', 'a', '', ''] },
    });
  });

  it('do not pair where an entity has several rows', () => {
    const found = difference(all(row('a', '1'), row('a', '2')), all(row('a', '3')));
    expect([found.only_in_athena.length, found.only_in_spark.length, found.other_values]).toEqual([2, 1, []]);
  });

  it('are those among the first rows, where there are more', () => {
    expect(difference(all(row('a'), row('b')), first(row('a'))).first_rows).toBe(1);
  });
});
