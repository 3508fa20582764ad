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

/** Bytes of the rows of one table: longer lists go on in a table of their own, so that a comment can end between them. */
const TABLE_BYTES = 30_000;
/** Longest text of a source file that is shown, in characters. */
const TEXT_SHOWN = 60;

/** A table as several of a size that a comment surely holds; none without rows. */
export function tables(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly string[] = [],
): string[] {
  const found: (readonly string[])[][] = [];
  let room = 0;
  for (const row of rows) {
    const size = Buffer.byteLength(row.join(' | '));
    if (size > room) {
      found.push([]);
      room = TABLE_BYTES;
    }
    found.at(-1)?.push(row);
    room -= size;
  }
  return found.map((some) => table(columns, some, numbers));
}

/** A text of a source file, which may be long. */
export function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= TEXT_SHOWN ? text : `${characters.slice(0, TEXT_SHOWN).join('')}…`;
}

/** A heading before the first of some parts; nothing when there is none. */
export function titled(title: string, markdown: readonly string[]): string[] {
  const [first, ...rest] = markdown;
  return first === undefined ? [] : [`### ${title}\n\n${first}`, ...rest];
}

/** An alert of GitHub's Markdown. */
export function alert(
  kind: 'CAUTION' | 'IMPORTANT' | 'WARNING' | 'NOTE',
  ...lines: readonly string[]
): string {
  return [`[!${kind}]`, ...lines].map((line) => `> ${line}`).join('\n');
}

export function folded(title: string, markdown: string): string {
  return `<details><summary>${title}</summary>\n\n${markdown}\n\n</details>`;
}
