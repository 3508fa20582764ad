import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { CellRows } from '../../../src/lake/preview/cells.ts';

const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('mydatahub-cells-'));
/** Rows of cells `0`, `1`, `2`, …, three of each. */
const fields = (at: number) => ['a', 'b', 'c', 'd', String(Math.floor(at / 3)), String(at % 3)];

describe('rows by their cell', () => {
  it('come together, in the order of their sources, also those that went to files', () => {
    const before = folders().length;
    using cells = new CellRows(2);
    for (let at = 0; at < 6000; at++) cells.add(fields(at), Math.floor(at / 3), at % 3, at);
    expect(folders().length).toBe(before + 1);
    const found = [...cells.cells()];
    expect(found).toHaveLength(2000);
    for (const rows of found) {
      const view = rows[0]?.view ?? -1;
      expect(rows.map((row) => [row.view, row.source, row.line])).toEqual(
        [0, 1, 2].map((source) => [view, source, view * 3 + source]),
      );
      expect(new Set(rows.map(({ value }) => value)).size).toBe(3);
    }
    expect(new Set(found.map((rows) => rows[0]?.view)).size).toBe(2000);
  });

  it('leave no file behind', () => {
    const before = folders();
    {
      using cells = new CellRows(1);
      for (let at = 0; at < 300; at++) cells.add(fields(at), 0, 0, at);
    }
    expect(folders()).toEqual(before);
  });

  it('tell apart cells whose texts only run together alike', () => {
    using cells = new CellRows();
    cells.add(['a', 'bc', '', '', 'k', 'v'], 0, 0, 1);
    cells.add(['ab', 'c', '', '', 'k', 'v'], 0, 0, 2);
    expect([...cells.cells()]).toHaveLength(2);
  });
});
