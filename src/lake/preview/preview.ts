import type { Breach } from '../contract/breach.ts';
import type { ViewsProblem } from '../custom-views/read.ts';
import type { IdleRule } from '../custom-views/rules.ts';
import type { Collision } from './collisions.ts';
import type { FileChange } from './file-changes.ts';
import type { LimitNote } from './limits.ts';
import type { Counts } from './row-changes.ts';
import type { NamedKey, RenamedKey, ViewPart } from './view-changes.ts';

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
  /** Columns afterwards, the four of the entity among them; of several views those of the first. */
  readonly columns: number;
  readonly new_columns: readonly NamedKey[];
  /** Their keys are nowhere any more, or a rule leaves them out. */
  readonly gone_columns: readonly NamedKey[];
  readonly renamed_columns: readonly RenamedKey[];
  /** What else the change of config/views.yml makes of it, in words. */
  readonly by_rules: readonly string[];
  /** All views of the entity1 where it has or gets several; else empty. */
  readonly parts: readonly ViewPart[];
};

/** What is to be said of config/views.yml. */
export type PreviewRules = {
  /** As people call the file. */
  readonly file: string;
  /** Whether it says something else than before. */
  readonly changed: boolean;
  /** Whether it is sent from where it is merged; else views are shown by the rules of before. */
  readonly sent: boolean;
  /** Where it is not as it has to be: then the views are shown by the rules of before. */
  readonly problems: readonly ViewsProblem[];
  /** Views that would not be published, since a rule cannot hold for the columns that there are. */
  readonly refused: readonly { readonly view: string; readonly line: number; readonly problem: string }[];
  /** What of changed rules is about nothing in these files. */
  readonly idle: readonly IdleRule[];
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
  readonly rules: PreviewRules;
  readonly collisions: readonly Collision[];
  /** Cells with more than one value: afterwards, of these new ones, and examples of the new ones. */
  readonly conflicts: {
    readonly after: number;
    readonly new: number;
    /** Whether a rule asks for the latest of several values. */
    readonly latest: boolean;
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
