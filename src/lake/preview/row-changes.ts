import type { CellRow } from './cells.ts';
import type { Source } from './file-changes.ts';

/** Rows: in, with another value, out. */
export type Counts = { added: number; changed: number; removed: number };
/** Where a row begins: the number of its source, and the line. */
export type Place = Pick<CellRow, 'source' | 'line'>;

/** A cell that has more than one value afterwards, and not before: the places of two that differ. */
export type Conflict = { readonly view: number; readonly places: readonly [Place, Place] };
/** A cell whose one value becomes another one. */
export type ValueChange = { readonly view: number; readonly before: Place; readonly after: Place };

/** What the rows of all cells come to. `files` and `views` by their numbers. */
export class RowChanges {
  readonly files = new Map<number, Counts>();
  readonly views = new Map<number, Counts>();
  readonly conflicts: Conflict[] = [];
  readonly valueChanges: ValueChange[] = [];
  /** Cells that have more than one value: afterwards, and of these the ones that had at most one before. */
  conflictsAfter = 0;
  conflictsNew = 0;

  readonly #sources: readonly Source[];
  readonly #examples: number;

  /** Keeps at most `examples` conflicts and value changes. */
  constructor(sources: readonly Source[], examples: number) {
    this.#sources = sources;
    this.#examples = examples;
  }

  /** Takes the rows of one cell. */
  take(rows: readonly CellRow[]): void {
    const [only] = rows;
    if (only !== undefined && rows.length === 1) {
      const { file, before, after } = this.#source(only);
      if (file !== null && before !== after) this.#count(file, only.view, before ? 'removed' : 'added', 1);
      return;
    }
    this.#takeFiles(rows);
    this.#takeConflict(rows);
  }

  /** Within each changed file, old and new values of the cell are set against each other. */
  #takeFiles(rows: readonly CellRow[]): void {
    for (const [file, mine] of Map.groupBy(rows, (row) => this.#source(row).file)) {
      if (file === null) continue;
      const arriving = mine.filter((row) => !this.#source(row).before);
      const leaving = mine.filter((row) => !this.#source(row).after);
      const [gone, came] = [without(leaving, arriving), without(arriving, leaving)];
      const changed = Math.min(gone.length, came.length);
      const view = mine[0]?.view ?? 0;
      this.#count(file, view, 'changed', changed);
      this.#count(file, view, 'added', came.length - changed);
      this.#count(file, view, 'removed', gone.length - changed);
      const [before, after] = [gone[0], came[0]];
      if (before !== undefined && after !== undefined && this.valueChanges.length < this.#examples)
        this.valueChanges.push({ view, before: placeOf(before), after: placeOf(after) });
    }
  }

  #takeConflict(rows: readonly CellRow[]): void {
    const after = rows.filter((row) => this.#source(row).after);
    const other = after.find(({ value }) => value !== after[0]?.value);
    if (after[0] === undefined || other === undefined) return;
    this.conflictsAfter++;
    const before = rows.filter((row) => this.#source(row).before);
    if (before.some(({ value }) => value !== before[0]?.value)) return;
    this.conflictsNew++;
    if (this.conflicts.length < this.#examples)
      this.conflicts.push({ view: other.view, places: [placeOf(after[0]), placeOf(other)] });
  }

  #count(file: number, view: number, what: keyof Counts, rows: number): void {
    if (rows === 0) return;
    for (const [counts, number] of [
      [this.files, file],
      [this.views, view],
    ] as const) {
      const of = counts.get(number) ?? { added: 0, changed: 0, removed: 0 };
      of[what] += rows;
      counts.set(number, of);
    }
  }

  #source({ source }: CellRow): Source {
    const found = this.#sources[source];
    if (found === undefined) throw new RangeError(`there is no source ${source}`);
    return found;
  }
}

function placeOf({ source, line }: CellRow): Place {
  return { source, line };
}

/** The rows of `rows` whose values are not among those of `others`, each of which stands for one. */
function without(rows: readonly CellRow[], others: readonly CellRow[]): CellRow[] {
  const left = new Map<string, number>();
  for (const { value } of others) left.set(value, (left.get(value) ?? 0) + 1);
  return rows.filter(({ value }) => {
    const count = left.get(value) ?? 0;
    if (count > 0) left.set(value, count - 1);
    return count === 0;
  });
}
