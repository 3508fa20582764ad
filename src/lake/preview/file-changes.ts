import { type Listed, standingPaths } from '../same-content.ts';

/** What the lake does with rows whose file has other content now, or is gone (docs/ingestion.md, "Settings"). */
export type Policies = {
  readonly mode: 'sync' | 'append';
  readonly removed_files: 'keep' | 'remove';
};

export type FileChange = {
  readonly path: string;
  readonly change: 'new' | 'changed' | 'removed' | 'moved' | 'copy';
  /** Moved: its path before. Copy: the path under which the table has the same content. Else null. */
  readonly as: string | null;
};

/** One content whose rows are looked at. `side` says where its bytes are. */
export type Source = Listed & {
  readonly side: 'base' | 'head';
  /** Whether its rows are in the table before and after the change. */
  readonly before: boolean;
  readonly after: boolean;
  /** Number of the changed file that brought it or leaves it; null when nothing changes for it. */
  readonly file: number | null;
};

export type Comparison = { readonly files: readonly FileChange[]; readonly sources: readonly Source[] };

/**
 * Compares two states of a folder. Every content is in the table once, whatever its paths are; so a file that moves, or
 * is copied, changes no row. Files in the order of their paths.
 */
export function compareFolders(
  base: readonly Listed[],
  head: readonly Listed[],
  policies: Policies,
): Comparison {
  const pathsBefore = new Map(base.map(({ path, id }) => [path, id]));
  const pathsAfter = new Map(head.map(({ path, id }) => [path, id]));
  const before = firstPaths(base);
  const standing = standingPaths(base, head);
  const after = firstPaths(head);
  const files: FileChange[] = [
    ...head.flatMap((file): FileChange[] => {
      const was = pathsBefore.get(file.path);
      if (was === file.id) return [];
      return [{ path: file.path, ...changeOf(file, was, standing.get(file.id), pathsAfter) }];
    }),
    ...base
      .filter(({ path, id }) => !pathsAfter.has(path) && !after.has(id))
      .map(({ path }): FileChange => ({ path, change: 'removed', as: null })),
  ].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  const numbers = new Map(files.map(({ path }, index) => [path, index]));

  const staying = [...after].map(
    ([id, path]): Source => ({
      id,
      path,
      side: 'head',
      before: before.has(id),
      after: true,
      file: before.has(id) ? null : (numbers.get(path) ?? null),
    }),
  );
  const leaving = [...before]
    .filter(([id]) => !after.has(id))
    .map(
      ([id, path]): Source => ({
        id,
        path,
        side: 'base',
        before: true,
        after: policies.mode === 'append' || (!pathsAfter.has(path) && policies.removed_files === 'keep'),
        file: numbers.get(path) ?? null,
      }),
    );
  return { files, sources: [...staying, ...leaving] };
}

/** Content to the first path that has it. */
function firstPaths(files: readonly Listed[]): Map<string, string> {
  const paths = new Map<string, string>();
  for (const { path, id } of files) if (!paths.has(id)) paths.set(id, path);
  return paths;
}

/** @param as the path under which the rows of its content are */
function changeOf(
  { path, id }: Listed,
  was: string | undefined,
  as: string | undefined,
  pathsAfter: ReadonlyMap<string, string>,
): Omit<FileChange, 'path'> {
  if (as !== undefined && as !== path) return { change: pathsAfter.get(as) === id ? 'copy' : 'moved', as };
  return { change: was === undefined ? 'new' : 'changed', as: null };
}
