import type { Breach } from '../lake/contract/breach.ts';
import { code, number, plain } from './markdown.ts';

/** A source file that breaks the contract; `more` breaches were only counted. */
type Broken = { readonly path: string; readonly breaches: readonly Breach[]; readonly more: number };

/** The columns of a table of broken files; lines are numbers. */
export const BREACH_COLUMNS = ['File', 'Line', 'Column', 'What is wrong', 'What to do'] as const;

/** Every place to mend, one a row, and how many more a file has. */
export function breachRows(files: readonly Broken[]): string[][] {
  return files.flatMap(({ path, breaches, more }) => [
    ...breaches.map(({ line, name, column, problem, cure }) => [
      code(path),
      number(line),
      name ?? `field ${column}`,
      plain(problem),
      plain(cure),
    ]),
    ...(more === 0
      ? []
      : [[code(path), '', '', `and ${number(more)} more ${more === 1 ? 'problem' : 'problems'}`, '']]),
  ]);
}
