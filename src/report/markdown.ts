/** Text as GitHub's Markdown shows it letter by letter, on one line. */
export function plain(text: string): string {
  return text
    .replace(
      /[\\`*_[\]<>|~&]/g,
      (character) => (/[<>&]/.test(character) ? ENTITIES[character] : `\\${character}`) ?? '',
    )
    .replace(/\s*(\r\n|\r|\n)\s*/g, '<br>');
}

const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/** A name as code, fit for a cell of a table (GitHub Flavored Markdown, 4.10 and 6.3). Line breaks become spaces. */
export function code(text: string): string {
  const line = text.replace(/[\r\n]+/g, ' ').replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const room = line === '' || /^`|`$/.test(line) ? ' ' : '';
  return `${fence}${room}${line}${room}${fence}`;
}

/** A table of cells that are Markdown already. Columns named in `numbers` are set to the right. */
export function table(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly string[] = [],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = columns.map((column) => (numbers.includes(column) ? '--:' : '---'));
  return [line(columns), line(rule), ...rows.map(line)].join('\n');
}

/** Parts one after the other, an empty line between; empty parts are left out. */
export function parts(...markdown: readonly string[]): string {
  return markdown.filter((part) => part !== '').join('\n\n');
}

/** A count as people read it: 12,345. */
export function number(count: number): string {
  return count.toLocaleString('en');
}
