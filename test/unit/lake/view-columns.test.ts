import { describe, expect, it } from 'vitest';
import { shownColumns } from '../../../src/lake/view-columns.ts';

const ENTITY = ['entity1', 'entity2', 'entity3', 'entity4'];

describe('the columns of a view', () => {
  it('are told with the key that they are made of, also when a rule has named them', () => {
    const columns = [...ENTITY, 'mass', 'ratio', 'rain_mm', 'by_hand'];
    const types = ['varchar(1)', 'string', 'string', 'string', 'decimal(5, 2)', 'BIGINT'];
    const known = {
      keys: { 'Body mass (g)': 'body_mass_g', 'Rain (mm)': 'rain_mm', entity1: 'entity1_2' },
      renamed: { mass: 'Body mass (g)' },
      extra: ['ratio'],
    };
    expect(shownColumns(columns, types, known)).toEqual([
      ...ENTITY.map((column) => ({ column, type: 'string', kind: 'entity', original_key: null })),
      { column: 'mass', type: 'decimal(5,2)', kind: 'renamed', original_key: 'Body mass (g)' },
      { column: 'ratio', type: 'bigint', kind: 'extra', original_key: null },
      { column: 'rain_mm', type: null, kind: 'key', original_key: 'Rain (mm)' },
      { column: 'by_hand', type: null, kind: 'unknown', original_key: null },
    ]);
  });

  it('have the key that took a name, not the one that gave it up', () => {
    const known = { keys: { a: 'a', b: 'b' }, renamed: { b: 'a', c: 'b' }, extra: [] };
    const found = shownColumns(['b', 'c'], [], known).map(({ original_key }) => original_key);
    expect(found).toEqual(['a', 'b']);
  });
});
