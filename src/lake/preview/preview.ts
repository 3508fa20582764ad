import type { Breach } from '../contract/breach.ts';
import type { FileChange } from './file-changes.ts';
import type { Collision, NamedKey } from './inventory.ts';
import type { LimitNote } from './limits.ts';
import type { Counts } from './row-changes.ts';

export type PreviewFile = FileChange &
  Readonly<Counts> & {
    /** Rows of the file; null where there is none. */
    readonly rows_before: number | null;
    readonly rows_after: number | null;
    /** It is gone, and the lake keeps its rows. */
    readonly rows_stay: boolean;
  };

export type PreviewView = Readonly<Counts> & {
  readonly view: string;
  readonly entity1: string;
  /** Empty: it stays in the catalog, without a row. */
  readonly change: 'appears' | 'changes' | 'empty';
  /** Columns afterwards, the four of the entity among them. */
  readonly columns: number;
  readonly new_columns: readonly NamedKey[];
  /** Their keys are nowhere any more. */
  readonly gone_columns: readonly NamedKey[];
};

/** `value` is null unless values may be shown. `path` is below the folder; `was`: in the state before. */
export type ShownPlace = {
  readonly path: string;
  readonly line: number;
  readonly was: boolean;
  readonly value: string | null;
};
export type ShownCell = {
  readonly view: string;
  readonly column: string;
  readonly places: readonly [ShownPlace, ShownPlace];
};

/** What a change of source files would do to the lake. */
export type DataPreview = {
  /** What it is compared with. */
  readonly base: string;
  readonly rows: Readonly<Counts> & { readonly before: number; readonly after: number };
  readonly files: readonly PreviewFile[];
  readonly unchanged: number;
  readonly views: readonly PreviewView[];
  readonly collisions: readonly Collision[];
  /** Cells with more than one value: afterwards, of these new ones, and examples of the new ones. */
  readonly conflicts: {
    readonly after: number;
    readonly new: number;
    readonly examples: readonly ShownCell[];
  };
  /** Examples of values that become others; empty unless values may be shown. */
  readonly value_changes: readonly ShownCell[];
  readonly limits: readonly LimitNote[];
  /** `more` breaches of a file were only counted. */
  readonly broken: readonly {
    readonly path: string;
    readonly breaches: readonly Breach[];
    readonly more: number;
  }[];
  readonly mode: 'sync' | 'append';
  /** Whether the names are those that the lake remembers; else as a new lake would give them. */
  readonly names_of_lake: boolean;
};
