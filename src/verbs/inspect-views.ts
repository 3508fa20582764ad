import type { Glue } from '../aws/glue.ts';
import { concurrently } from '../lake/concurrently.ts';

/** Calls of the catalog at a time. */
const AT_ONCE = 10;
const DIALECTS = ['ATHENA', 'SPARK'] as const;

/** `problem` is `null` when both engines can read the view. */
export type ViewCondition = {
  readonly view: string;
  readonly state: 'ok' | 'missing' | 'one-dialect' | 'stale';
  readonly problem: string | null;
};

/** Whether each view is in the catalog with both dialects, none stale. In the order of `views`. */
export function inspectViews(
  glue: Glue,
  database: string,
  views: readonly string[],
): Promise<ViewCondition[]> {
  return concurrently(views, AT_ONCE, async (view): Promise<ViewCondition> => {
    const table = await glue.table(database, view);
    if (table === undefined) return { view, state: 'missing', problem: 'the view is not in the catalog' };
    const absent = DIALECTS.filter((name) => !table.dialects.some(({ dialect }) => dialect === name));
    if (absent.length > 0) {
      return { view, state: 'one-dialect', problem: `the view has no ${absent.join(' and no ')} dialect` };
    }
    const stale = table.dialects.filter((dialect) => dialect.stale).map(({ dialect }) => dialect);
    if (stale.length > 0)
      return { view, state: 'stale', problem: `its ${stale.join(' and ')} dialect is stale` };
    return { view, state: 'ok', problem: null };
  });
}
