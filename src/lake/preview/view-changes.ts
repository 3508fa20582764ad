import { byBytes, RESERVED_COLUMNS } from '../naming.ts';
import type { WantedEntity, WantedView } from '../wanted-views/wanted-views.ts';
import { ruleChanges } from './rule-changes.ts';

export type NamedKey = { readonly key: string; readonly column: string };
export type RenamedKey = NamedKey & { readonly was: string };

/** One of several views of one entity1. `columns` afterwards, those of the entity among them. */
export type ViewPart = {
  readonly view: string;
  readonly change: 'appears' | 'changes' | 'same' | 'empty';
  readonly columns: number;
  /** Columns that were not in this view. */
  readonly new_columns: readonly NamedKey[];
};

/** What becomes of the views of one entity1. */
export type ViewChanges = {
  readonly entity1: string;
  /** The first of its views. */
  readonly view: string;
  readonly before: boolean;
  readonly after: boolean;
  /** Key to column, of all that there were or are. */
  readonly columns: ReadonlyMap<string, string>;
  /** Columns afterwards, those of the entity among them. */
  readonly width: number;
  readonly added: readonly NamedKey[];
  readonly gone: readonly NamedKey[];
  readonly renamed: readonly RenamedKey[];
  /** What else changed rules make of it, for people. */
  readonly rules: readonly string[];
  /** Several views, before or afterwards; empty for one. */
  readonly parts: readonly ViewPart[];
  /** How it is wanted afterwards; undefined when nothing is left of it. */
  readonly wanted: WantedEntity | undefined;
};

/** Columns of every view beside those of its keys. */
const ENTITY_COLUMNS = RESERVED_COLUMNS.length;

/** Compares what is wanted of one entity1 before and after a change; a view that rules cannot be made for stays as it was. */
export function viewChanges(
  entity1: string,
  was: WantedEntity | undefined,
  wanted: WantedEntity | undefined,
): ViewChanges {
  const now = wanted !== undefined && wanted.problem !== null && was !== undefined ? was : wanted;
  const [before, after] = [columnsOf(was), columnsOf(now)];
  const named = (of: ReadonlyMap<string, string>, chosen: (key: string) => boolean): NamedKey[] =>
    [...of]
      .filter(([key]) => chosen(key))
      .map(([key, column]) => ({ key, column }))
      .sort((a, b) => byBytes(a.key, b.key));
  // A view whose entity1 has no row any more stays as it is.
  const left = now === undefined ? before : after;
  const [first] = (now ?? was)?.views ?? [];
  return {
    entity1,
    view: first?.view ?? '',
    before: was !== undefined,
    after: wanted !== undefined,
    columns: new Map([...before, ...after]),
    width: first === undefined ? ENTITY_COLUMNS : widthOf(first),
    added: named(after, (key) => !before.has(key)),
    gone: named(before, (key) => !left.has(key)),
    renamed: named(after, (key) => before.has(key) && before.get(key) !== after.get(key)).map((key) => ({
      ...key,
      was: before.get(key.key) ?? '',
    })),
    rules: was === undefined || now === undefined ? [] : ruleChanges(was.rules, now.rules, after),
    parts: partsOf(was, now ?? was),
    wanted,
  };
}

function columnsOf(entity: WantedEntity | undefined): Map<string, string> {
  return new Map((entity?.views ?? []).flatMap(({ columns }) => [...columns]));
}

function widthOf({ columns, extra }: WantedView): number {
  return ENTITY_COLUMNS + columns.size + extra.length;
}

function partsOf(was: WantedEntity | undefined, now: WantedEntity | undefined): ViewPart[] {
  const [before, after] = [was?.views ?? [], now?.views ?? []];
  if (before.length < 2 && after.length < 2) return [];
  const old = new Map(before.map((one) => [one.view, one]));
  const left = new Set(after.map(({ view }) => view));
  return [
    ...after.map((one): ViewPart => {
      const there = old.get(one.view);
      const fresh = [...one.columns].filter(([key]) => there?.columns.has(key) !== true);
      const same = there !== undefined && fresh.length === 0 && there.columns.size === one.columns.size;
      return {
        view: one.view,
        change: there === undefined ? 'appears' : same ? 'same' : 'changes',
        columns: widthOf(one),
        new_columns: fresh.map(([key, column]) => ({ key, column })),
      };
    }),
    ...before
      .filter(({ view }) => !left.has(view))
      .map(({ view }): ViewPart => ({ view, change: 'empty', columns: ENTITY_COLUMNS, new_columns: [] })),
  ];
}
