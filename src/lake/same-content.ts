/** A file by its content: `id` is the same for the same bytes. */
export type Listed = { readonly path: string; readonly id: string };

/**
 * Content to the path under which its rows are, or will be, in the table, where each content is once: the path that the lake has
 * it under already (one that still has it before one that has not), else the first of the folder. plan_ingestion of
 * glue-scripts/mydatahub_glue/plan.py decides it; test/vectors/same-content.json holds both to the same.
 *
 * @param before what the lake holds
 * @param after the folder; both in the order of their paths
 */
export function standingPaths(before: readonly Listed[], after: readonly Listed[]): Map<string, string> {
  const now = new Map(after.map(({ path, id }) => [path, id]));
  const stillThere = before.filter(({ path, id }) => now.get(path) === id);
  const paths = new Map<string, string>();
  for (const { path, id } of [...stillThere, ...before, ...after]) if (!paths.has(id)) paths.set(id, path);
  return paths;
}
