import { type EntityRules, rulesOf, type ViewRules } from '../custom-views/rules.ts';
import { assignNames, byBytes, nameFor, numberedView, RESERVED_COLUMNS } from '../naming.ts';
import type { Names } from '../state.ts';
import { lengthsOf, mostShare, type ViewLengths } from '../view-size.ts';
import { chosenColumns, type Form, pivotTexts, type Source, tableSource } from './pivot-text.ts';
import { placeKeys } from './place-keys.ts';

/** How the views are made, and of which table. */
export type Definition = {
  readonly database: string;
  readonly table: string;
  readonly form: Form;
  readonly rules: ViewRules;
};

/** Names once given, as state/names.json has them. */
export type GivenNames = {
  readonly views: ReadonlyMap<string, string>;
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** entity1 to the names of its second and further views. */
  readonly more: ReadonlyMap<string, readonly string[]>;
  /** entity1 to key to the number (1 is the second) of its view; keys that are not here are in the first. */
  readonly placed: ReadonlyMap<string, ReadonlyMap<string, number>>;
};

export type WantedView = {
  readonly view: string;
  /** Key to column, in the order of the keys. */
  readonly columns: ReadonlyMap<string, string>;
  /** Columns that rules add. */
  readonly extra: readonly string[];
  /** What it takes of AWS's limits; null where only the job knows. */
  readonly lengths: ViewLengths | null;
};

/** The views of one entity1, in the order of their numbers. */
export type WantedEntity = {
  readonly views: readonly WantedView[];
  /** Why its rules cannot hold: then nothing of it is published. */
  readonly problem: { readonly line: number; readonly problem: string } | null;
  /**
   * Whether it is certain which of its views holds which key. It is not where values get types or columns expressions, whose
   * SQL the job alone writes, and a limit may be near: then all keys are in the first view here.
   */
  readonly placed: boolean;
  readonly rules: EntityRules | undefined;
};

/** Up to this share of a limit, rules with types and expressions are taken to leave an entity1 in the views it has. */
const SURELY_FITS = 0.5;

export function givenNames(names: Names | undefined): GivenNames {
  const inner = <T>(of: Readonly<Record<string, Readonly<Record<string, T>>>> = {}) =>
    new Map(Object.entries(of).map(([entity1, one]) => [entity1, new Map(Object.entries(one))]));
  return {
    views: new Map(Object.entries(names?.views ?? {})),
    columns: inner(names?.columns),
    more: new Map(Object.entries(names?.more ?? {})),
    placed: inner(names?.placed),
  };
}

/**
 * All names, known ones and new ones, and the views that the keys of a table ask for: what wanted_views of
 * glue-scripts/mydatahub_glue/wanted_views.py finds, held to it by test/vectors/wanted-views.
 *
 * @param keys entity1 to its keys
 */
export function wantedViews(
  definition: Definition,
  known: GivenNames,
  keys: ReadonlyMap<string, readonly string[]>,
): { readonly names: GivenNames; readonly entities: ReadonlyMap<string, WantedEntity> } {
  const views = assignNames(keys.keys(), 'view', known.views, [...known.more.values()].flat());
  const columns = new Map(known.columns);
  const more = new Map(known.more);
  const placed = new Map(known.placed);
  const entities = new Map<string, WantedEntity>();
  for (const [entity1, ofEntity] of keys) {
    const before = known.columns.get(entity1) ?? new Map<string, string>();
    const rules = rulesOf(definition.rules, entity1);
    const given = assignNames(ofEntity, 'column', before, namesByRules(rules));
    columns.set(entity1, given);
    const entity = new Entity(
      definition,
      entity1,
      rules,
      new Map(ofEntity.map((key) => [key, given.get(key) ?? ''])),
    );
    const where = known.placed.get(entity1) ?? new Map<string, number>();
    const isPlaced = entity.isPlaced(more.has(entity1));
    const parts = isPlaced
      ? placeKeys(
          entity.shown,
          new Map([...before.keys()].map((key) => [key, where.get(key) ?? 0])),
          (some) => entity.lengths(some),
        )
      : [entity.shown];
    const moved = parts.flatMap((some, number) =>
      number === 0 ? [] : some.map((key) => [key, number] as const),
    );
    if (parts.length > 1) placed.set(entity1, new Map([...where, ...moved]));
    const names = [views.get(entity1) ?? '', ...(more.get(entity1) ?? [])];
    while (names.length < parts.length) {
      const taken = new Set([...views.values(), ...[...more.values()].flat(), ...names]);
      names.push(numberedView(names[0] ?? '', names.length + 1, taken));
      more.set(entity1, names.slice(1));
    }
    entities.set(entity1, {
      views: parts.flatMap((some, number) =>
        some.length > 0 || number === 0 ? [entity.view(names[number] ?? '', some, number === 0)] : [],
      ),
      problem: entity.problem,
      placed: isPlaced,
      rules,
    });
  }
  return { names: { views, columns, more, placed }, entities };
}

/** Names that rules give, so that no new key gets them. */
function namesByRules(rules: EntityRules | undefined): string[] {
  if (rules === undefined) return [];
  const renamed = [...rules.rename].flatMap(([key, { text }]) =>
    nameFor(key, 'column') === text ? [] : [text],
  );
  return [...renamed, ...rules.columns.keys()];
}

/** One entity1 with all its keys and, where they can hold, its rules. */
class Entity {
  readonly problem: WantedEntity['problem'];
  /** The keys that have a column, in order. */
  readonly shown: readonly string[];
  readonly #source: Source;
  readonly #form: Form;
  readonly #entity1: string;
  readonly #rules: EntityRules | undefined;
  readonly #columns: ReadonlyMap<string, string>;

  /** @param given key to the column that it has without rules */
  constructor(
    { database, table, form }: Definition,
    entity1: string,
    rules: EntityRules | undefined,
    given: ReadonlyMap<string, string>,
  ) {
    const columns = new Map([...given].map(([key, name]) => [key, rules?.rename.get(key)?.text ?? name]));
    this.problem = rules === undefined ? null : namingProblem(rules, columns);
    this.#rules = this.problem === null ? rules : undefined;
    this.#columns = this.problem === null ? columns : given;
    this.shown = [...given.keys()].filter((key) => this.#rules?.leaveOut.has(key) !== true).sort(byBytes);
    this.#source = tableSource(database, table);
    this.#form = form;
    this.#entity1 = entity1;
  }

  isPlaced(hasSeveral: boolean): boolean {
    return this.#isPivot() || (!hasSeveral && mostShare(this.lengths(this.shown)) <= SURELY_FITS);
  }

  view(view: string, keys: readonly string[], first: boolean): WantedView {
    const columns = new Map([...keys].sort(byBytes).map((key) => [key, this.#columns.get(key) ?? '']));
    return {
      view,
      columns,
      extra: first ? [...(this.#rules?.columns.keys() ?? [])] : [],
      lengths: this.#isPivot() ? this.lengths(keys) : null,
    };
  }

  /** Of the pivot and the order of its columns; types and expressions come on top of it. */
  lengths(keys: readonly string[]): ViewLengths {
    const columns = new Map(keys.map((key) => [key, this.#columns.get(key) ?? '']));
    const pivot = pivotTexts(this.#source, this.#entity1, columns, this.#form);
    const names = [...keys].sort(byBytes).map((key) => columns.get(key) ?? '');
    const first = (this.#rules?.order ?? []).filter((name) => names.includes(name));
    const ordered = [...first, ...names.filter((name) => !first.includes(name))];
    return lengthsOf(ordered.every((name, at) => name === names[at]) ? pivot : chosenColumns(ordered, pivot));
  }

  /** Whether the view is the pivot, of texts and with no level around it but for the order of columns. */
  #isPivot(): boolean {
    const rules = this.#rules;
    if (rules === undefined) return true;
    const typed = this.shown.some((key) => (rules.cast.get(key) ?? 'text') !== 'text');
    return !rules.latest && !typed && rules.columns.size === 0 && rules.filter === undefined;
  }
}

/** Why rules cannot hold for these columns (key to column, renamed): one name for two of them. */
function namingProblem(
  rules: EntityRules,
  columns: ReadonlyMap<string, string>,
): { readonly line: number; readonly problem: string } | null {
  const keyOf = new Map<string, string>(RESERVED_COLUMNS.map((name) => [name, name]));
  const other = (key: string, name: string) =>
    [...columns].find(([of, has]) => has === name && of !== key)?.[0];
  for (const [key, { line, text }] of rules.rename) {
    if (!columns.has(key)) continue;
    const holder = other(key, text);
    if (holder !== undefined)
      return { line, problem: `the key '${key}' cannot be named ${text}: '${holder}' has that name` };
  }
  for (const name of columns.values()) keyOf.set(name, name);
  for (const [name, { line }] of rules.columns)
    if (keyOf.has(name))
      return { line, problem: `the extra column ${name} has the name of another column of the view` };
  return null;
}
