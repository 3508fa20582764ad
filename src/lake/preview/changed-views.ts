import type { ViewRules } from '../custom-views/rules.ts';
import { byBytes } from '../naming.ts';
import type { Names } from '../state.ts';
import { type Definition, givenNames, wantedViews } from '../wanted-views/wanted-views.ts';
import { type Collision, collisionsIn } from './collisions.ts';
import type { Inventory } from './inventory.ts';
import type { PreviewRules, PreviewView } from './preview.ts';
import type { Counts } from './row-changes.ts';
import { type ViewChanges, viewChanges } from './view-changes.ts';

const NONE: Readonly<Counts> = { added: 0, changed: 0, removed: 0 };

/**
 * What becomes of every entity1, by their numbers, and the collisions of names that are new. Names in `known` stay; what was
 * there before is named and placed before what is new, as the lake does it.
 */
export function compareViews(
  inventory: Inventory,
  definition: Omit<Definition, 'rules'>,
  rules: { readonly before: ViewRules; readonly after: ViewRules },
  known: Names | undefined,
): { readonly views: ViewChanges[]; readonly collisions: Collision[] } {
  const was = wantedViews(
    { ...definition, rules: rules.before },
    givenNames(known),
    inventory.keys('before'),
  );
  const now = wantedViews({ ...definition, rules: rules.after }, was.names, inventory.keys('after'));
  return {
    views: inventory
      .entities()
      .map((entity1) => viewChanges(entity1, was.entities.get(entity1), now.entities.get(entity1))),
    collisions: collisionsIn(was.names, now.names, now.entities),
  };
}

/** Views that appear, lose all rows, or change; by name. `counts` are by the numbers of the views. */
export function changedViews(
  views: readonly ViewChanges[],
  counts: ReadonlyMap<number, Readonly<Counts>>,
): PreviewView[] {
  return views
    .flatMap((view, number): PreviewView[] => {
      const rows = counts.get(number) ?? NONE;
      const { before, after, added, gone, renamed, rules, parts } = view;
      const columns = added.length + gone.length + renamed.length + rules.length;
      const moved = parts.some(({ change }) => change !== 'same');
      if (before === after && !moved && columns + rows.added + rows.changed + rows.removed === 0) return [];
      return [
        {
          view: view.view,
          entity1: view.entity1,
          change: !before ? 'appears' : after ? 'changes' : 'empty',
          ...rows,
          columns: view.width,
          new_columns: added,
          gone_columns: gone,
          renamed_columns: renamed,
          by_rules: rules,
          parts,
        },
      ];
    })
    .sort((a, b) => byBytes(a.view, b.view));
}

/** Views whose rules cannot hold for the columns that there are. */
export function refusedViews(views: readonly ViewChanges[]): PreviewRules['refused'] {
  return views.flatMap(({ view, wanted }) => (wanted?.problem == null ? [] : [{ view, ...wanted.problem }]));
}
