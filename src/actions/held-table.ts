import type { HeldContent } from '../lake/state.ts';
import { code, number, table } from '../report/markdown.ts';

/** What no ingestion brings back until it is released. */
export function heldTable(held: readonly HeldContent[]): string {
  if (held.length === 0) return '';
  const rows = held.map(({ path, rows: count, sha256, held_at }) => [
    code(path),
    sha256 === '' ? 'its removal' : `${number(count)} rows`,
    held_at,
  ]);
  return table(['Held file', 'What', 'Since'], rows);
}
