import { describe, expect, it } from 'vitest';
import { columnGroups, fingerprintOf, fingerprintQueries } from '../../../src/lake/fingerprint.ts';

const ENTITY = ['entity1', 'entity2', 'entity3', 'entity4'];

describe('the fingerprint in SQL for Athena', () => {
  it('takes every cell with its length in code points, and NULL as a dash', () => {
    const [sql] = fingerprintQueries('"db"."v"', [...ENTITY, 'say "hi"']);
    expect(sql).toContain(
      `ARRAY['0;', COALESCE(CAST(length(CAST("entity1" AS varchar)) AS varchar) || ':', '-'), COALESCE(CAST("entity1" AS varchar), '')`,
    );
    expect(sql).toContain(
      `COALESCE(CAST(length(CAST("say ""hi""" AS varchar)) AS varchar) || ':', '-'), COALESCE(CAST("say ""hi""" AS varchar), '')`,
    );
  });

  it('joins the cells of a row by array_join, because concat and || refuse results over 1 MiB', () => {
    const [sql] = fingerprintQueries('"db"."v"', [...ENTITY, 'c']);
    expect(sql).toContain(`COALESCE(CAST("c" AS varchar), '')], '')`);
    expect(sql).not.toMatch(/concat\(|\|\| ':' \|\|/);
  });

  it('cuts wide views into groups of 100, so that no array takes more than 254 elements', () => {
    const columns = [...ENTITY, ...Array.from({ length: 250 }, (_, index) => `c${index}`)];
    expect(columnGroups(columns).map((group) => group.length)).toEqual([100, 100, 50]);
    const [sql, more] = fingerprintQueries('"db"."v"', columns);
    expect(more).toBeUndefined();
    expect(sql?.match(/AS h\d+/g)).toEqual(['AS h0', 'AS h1', 'AS h2']);
  });

  it('takes several statements for very wide views, each within what Athena accepts', () => {
    const columns = [...ENTITY, ...Array.from({ length: 3000 }, (_, index) => `${'c'.repeat(240)}_${index}`)];
    const statements = fingerprintQueries('"db"."v"', columns);
    expect(statements.length).toBeGreaterThan(1);
    for (const sql of statements) expect(Buffer.byteLength(sql)).toBeLessThan(262_144);
    expect(statements.join().match(/AS h\d+/g)).toHaveLength(30);
  });

  it('hashes the entity columns alone when a view has no others', () => {
    expect(columnGroups(ENTITY)).toEqual([[]]);
  });

  it('is added up over statements without loss of digits', () => {
    const big = 2n ** 62n;
    expect(
      fingerprintOf([
        { rows: 7n, d1: big, d2: 1n },
        { rows: 7n, d1: big, d2: 2n },
      ]),
    ).toEqual({
      rows: 7,
      fingerprint: `${2n ** 63n}-3`,
    });
  });

  it('is refused for a table that does not begin with the entity columns', () => {
    expect(() => columnGroups(['a', 'b'])).toThrow('a view begins with entity1');
  });
});
