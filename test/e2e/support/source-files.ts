import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** entity1, entity2, entity3, entity4, key, value */
export type Row = readonly [string, string, string, string, string, string];

/** Writes rows as a source file; every field quoted, line ends as given. */
export function writeSourceFile(folder: string, path: string, rows: readonly Row[], lineEnd = '\n'): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  const lines = rows.map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(','));
  writeFileSync(file, ['entity1,entity2,entity3,entity4,key,value', ...lines, ''].join(lineEnd));
}

/**
 * The pivot of one entity1, computed here and by nothing of the toolkit: for each entity the greatest value (in UTF-8
 * byte order) of every key, `null` where there is no row. Rows sorted by entity.
 */
export function pivot(rows: readonly Row[], entity1: string, keys: readonly string[]): (string | null)[][] {
  const entities = new Map<string, { entity: string[]; values: Map<string, string> }>();
  for (const [e1, e2, e3, e4, key, value] of rows.filter((row) => row[0] === entity1)) {
    const entity = [e1, e2, e3, e4];
    const id = JSON.stringify(entity);
    const found = entities.get(id) ?? { entity, values: new Map<string, string>() };
    const before = found.values.get(key);
    if (before === undefined || byteOrder(before, value) < 0) found.values.set(key, value);
    entities.set(id, found);
  }
  return [...entities.values()]
    .map(({ entity, values }) => [...entity, ...keys.map((key) => values.get(key) ?? null)])
    .sort(compareRows);
}

export function byteOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

/** Orders rows cell by cell in byte order, NULL first. */
export function compareRows(a: readonly (string | null)[], b: readonly (string | null)[]): number {
  for (const [index, cell] of a.entries()) {
    const other = b[index] ?? null;
    if (cell === other) continue;
    if (cell === null) return -1;
    if (other === null) return 1;
    return byteOrder(cell, other);
  }
  return 0;
}
