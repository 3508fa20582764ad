import { assignNames, nameFor, VIEW_PREFIX } from '../naming.ts';
import type { Names } from '../state.ts';

const BEFORE = 1;
const AFTER = 2;

/** A name that another text has, or that is kept for the entity columns: the text gets one with a hash. */
export type Collision = {
  readonly kind: 'view' | 'column';
  readonly text: string;
  /** The view whose column it is; for a view its own name. */
  readonly view: string;
  readonly wanted: string;
  readonly name: string;
  /** The text that has the wanted name; null when the name is kept for an entity column. */
  readonly taken_by: string | null;
};

export type NamedKey = { readonly key: string; readonly column: string };
export type ViewColumns = {
  readonly entity1: string;
  readonly view: string;
  readonly before: boolean;
  readonly after: boolean;
  readonly columns: readonly NamedKey[];
  readonly added: readonly NamedKey[];
  readonly gone: readonly NamedKey[];
};

/** Which keys each entity1 has, before and after a change. Memory grows with the distinct pairs, not with the rows. */
export class Inventory {
  readonly #entities = new Map<string, { readonly number: number; readonly keys: Map<string, number> }>();

  /** Notes a row; returns the number of its view. */
  note(entity1: string, key: string, before: boolean, after: boolean): number {
    let entity = this.#entities.get(entity1);
    if (entity === undefined) {
      entity = { number: this.#entities.size, keys: new Map() };
      this.#entities.set(entity1, entity);
    }
    const known = entity.keys.get(key) ?? 0;
    entity.keys.set(key, known | (before ? BEFORE : 0) | (after ? AFTER : 0));
    return entity.number;
  }

  /**
   * All views by their numbers, and the collisions of names that are new. Names in `known` stay; what was there before
   * is named before what is new, as the lake does it.
   */
  named(known: Names | undefined): { views: ViewColumns[]; collisions: Collision[] } {
    const entities = [...this.#entities].map(([entity1, { keys }]) => ({ entity1, keys }));
    const was = ({ keys }: (typeof entities)[number]) =>
      [...keys.values()].some((bits) => (bits & BEFORE) > 0);
    const texts = entities.map(({ entity1 }) => entity1);
    const old = entities.filter(was).map(({ entity1 }) => entity1);
    const views = named('view', old, texts, known?.views);
    const collisions = collisionsOf('view', views);
    const result = entities.map((entity): ViewColumns => {
      const { entity1, keys } = entity;
      const view = views.names.get(entity1) ?? '';
      const having = (wanted: number) =>
        [...keys].filter(([, bits]) => (bits & wanted) > 0).map(([key]) => key);
      const columns = named('column', having(BEFORE), [...keys.keys()], known?.columns[entity1]);
      collisions.push(...collisionsOf('column', columns, view));
      const pick = (wanted: (bits: number) => boolean) =>
        [...keys]
          .filter(([, bits]) => wanted(bits))
          .map(([key]) => ({ key, column: columns.names.get(key) ?? '' }))
          .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
      return {
        entity1,
        view,
        before: was(entity),
        after: having(AFTER).length > 0,
        columns: pick((bits) => (bits & AFTER) > 0),
        added: pick((bits) => bits === AFTER),
        gone: pick((bits) => bits === BEFORE),
      };
    });
    return { views: result, collisions };
  }
}

type Named = { readonly names: Map<string, string>; readonly fresh: readonly string[] };

function named(
  kind: 'view' | 'column',
  before: readonly string[],
  all: readonly string[],
  known: Readonly<Record<string, string>> = {},
): Named {
  const old = assignNames(before, kind, new Map(Object.entries(known)));
  return { names: assignNames(all, kind, old), fresh: all.filter((text) => !old.has(text)) };
}

function collisionsOf(kind: 'view' | 'column', { names, fresh }: Named, view?: string): Collision[] {
  const prefix = kind === 'view' ? VIEW_PREFIX : '';
  const holder = new Map([...names].map(([text, name]) => [name, text]));
  return fresh.flatMap((text) => {
    const name = names.get(text) ?? '';
    const wanted = prefix + nameFor(text, kind);
    if (name === wanted) return [];
    return [{ kind, text, view: view ?? name, wanted, name, taken_by: holder.get(wanted) ?? null }];
  });
}
