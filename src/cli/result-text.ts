import type { QueryResult } from '../aws/athena.ts';

/** A result as text: `csv` by RFC 4180, else an aligned table. NULL is an empty field in CSV and `NULL` in a table. */
export function resultText(result: QueryResult, format: 'table' | 'json' | 'csv'): string {
  if (format === 'json') return `${JSON.stringify(result)}\n`;
  return format === 'csv' ? csvText(result) : tableText(result);
}

/** An empty text is written as `""`, so that it differs from NULL. */
function csvText({ columns, rows }: QueryResult): string {
  if (columns.length === 0) return '';
  return [columns, ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

function csvField(value: string | null): string {
  if (value === null) return '';
  return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function tableText({ columns, rows }: QueryResult): string {
  if (columns.length === 0) return '';
  const cells = [[...columns], ...rows.map((row) => row.map(tableCell))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => width(row[index] ?? ''))));
  const lines = cells.map((row) =>
    row
      .map((cell, index) => padded(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((count) => '-'.repeat(count)).join('  ');
  const count = `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`;
  return `${[lines[0], rule, ...lines.slice(1), count].join('\n')}\n`;
}

/** Line breaks and other control characters would break the table: they are shown as JSON spells them. */
function tableCell(value: string | null): string {
  if (value === null) return 'NULL';
  return value.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}

function padded(cell: string, to: number): string {
  return cell + ' '.repeat(Math.max(0, to - width(cell)));
}

function width(text: string): number {
  return [...text].length;
}
