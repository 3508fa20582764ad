import { nameFor, VIEW_PREFIX } from '../naming.ts';
import type { GivenNames, WantedEntity } from '../wanted-views/wanted-views.ts';

/** A name that another text has, or that is kept for the entity columns: the text gets one with a hash. */
export type Collision = {
  readonly kind: 'view' | 'column';
  readonly text: string;
  /** The view whose column it is; for a view its own name. */
  readonly view: string;
  readonly wanted: string;
  readonly name: string;
  /** The text that has the wanted name; null when no text has it. */
  readonly taken_by: string | null;
  /** Whether a rule of config/views.yml gives the wanted name away. */
  readonly by_rule: boolean;
};

/** The collisions of names that are new in `now`: what a view shows under another name than its text asks for. */
export function collisionsIn(
  was: GivenNames,
  now: GivenNames,
  entities: ReadonlyMap<string, WantedEntity>,
): Collision[] {
  const holders = new Map([...now.views].map(([text, name]) => [name, text]));
  const ofViews = [...now.views].flatMap(([text, name]): Collision[] => {
    const wanted = VIEW_PREFIX + nameFor(text, 'view');
    if (was.views.has(text) || name === wanted) return [];
    const taken_by = holders.get(wanted) ?? null;
    return [{ kind: 'view', text, view: name, wanted, name, taken_by, by_rule: false }];
  });
  return [
    ...ofViews,
    ...[...entities].flatMap(([entity1, entity]) =>
      ofColumns(was.columns.get(entity1), now.columns.get(entity1), entity),
    ),
  ];
}

function ofColumns(
  known: ReadonlyMap<string, string> | undefined,
  given: ReadonlyMap<string, string> = new Map(),
  { views, rules, problem }: WantedEntity,
): Collision[] {
  const shown = views.flatMap(({ columns }) => [...columns]);
  const holders = new Map([...given, ...shown].map(([key, name]) => [name, key]));
  const renames = new Set([...(rules?.rename.values() ?? [])].map(({ text }) => text));
  return views.flatMap(({ view, columns }) =>
    [...columns].flatMap(([key, name]): Collision[] => {
      const wanted = nameFor(key, 'column');
      const renamed = problem === null && rules?.rename.has(key) === true;
      if (known?.has(key) === true || renamed || name === wanted) return [];
      const taken_by = holders.get(wanted) ?? null;
      const by_rule = renames.has(wanted) || rules?.columns.has(wanted) === true;
      return [{ kind: 'column', text: key, view, wanted, name, taken_by, by_rule }];
    }),
  );
}
