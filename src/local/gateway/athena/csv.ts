/** A cell of a result: `null` is NULL, which is written as nothing; an empty text is written as `""`. */
export type Cell = string | null;

/** One record of Athena's result file: every text quoted, `\n` at the end. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map((cell) => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`)).join(',')}\n`;
}

/** Reads records that {@link csvLine} wrote. */
export function csvRows(text: string): Cell[][] {
  const rows: Cell[][] = [];
  let at = 0;
  while (at < text.length) {
    const row: Cell[] = [];
    for (;;) {
      if (text[at] === '"') {
        const end = closingQuote(text, at + 1);
        row.push(text.slice(at + 1, end).replaceAll('""', '"'));
        at = end + 1;
      } else {
        row.push(null);
      }
      at += 1;
      if (text[at - 1] !== ',') break;
    }
    rows.push(row);
  }
  return rows;
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  if (at < 0) throw new Error('A result file ends inside a quoted value');
  return at;
}
