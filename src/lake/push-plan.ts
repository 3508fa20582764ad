import type { Condition } from '../aws/condition.ts';
import type { ContentDigest } from '../aws/content-digest.ts';
import type { StoredObject } from '../aws/s3.ts';
import { standingPaths } from './same-content.ts';
import type { Manifest, ManifestFile } from './state.ts';

/** A source file of the folder that is pushed, by its content. */
export type LocalContent = { readonly path: string; readonly file: string; readonly digest: ContentDigest };

export type SendReason = 'new' | 'changed' | 'healed';
export type PlannedFile = LocalContent & {
  readonly key: string;
  readonly reason: SendReason;
  /** What the object must still be when it is written. */
  readonly condition: Condition;
  /** The object there might hold this content already: an earlier push may have ended before it wrote the manifest. */
  readonly mayBeThere: boolean;
};

/** What a push has to do. `gone`: in the manifest but not in the folder. */
export type PushPlan = {
  readonly unchanged: readonly ManifestFile[];
  readonly wanted: readonly PlannedFile[];
  readonly gone: readonly ManifestFile[];
};

/** Content decides, never time or size alone; an object that is not the one that was sent is sent again. */
export function planPush(
  contents: readonly LocalContent[],
  manifest: Manifest,
  stored: readonly StoredObject[],
  prefix: string,
): PushPlan {
  const objects = new Map(stored.map((object) => [object.key, object]));
  const known = new Map(manifest.files.map((file) => [file.path, file]));
  const unchanged: ManifestFile[] = [];
  const wanted: PlannedFile[] = [];
  for (const content of contents) {
    const key = prefix + content.path;
    const entry = known.get(content.path);
    const object = objects.get(key);
    const untouched = object !== undefined && object.etag === entry?.etag;
    if (entry !== undefined && untouched && entry.sha256 === content.digest.sha256) {
      unchanged.push(entry);
      continue;
    }
    wanted.push({
      ...content,
      key,
      reason: entry === undefined ? 'new' : entry.sha256 === content.digest.sha256 ? 'healed' : 'changed',
      condition: object === undefined ? 'if-absent' : { ifMatch: object.etag },
      mayBeThere: object !== undefined && !untouched && object.size === content.digest.size,
    });
  }
  const here = new Set(contents.map(({ path }) => path));
  return { unchanged, wanted, gone: manifest.files.filter(({ path }) => !here.has(path)) };
}

/** Paths whose content the table has, or gets, under another path: its rows are there once. */
export function sameContent(
  contents: readonly LocalContent[],
  manifest: Manifest,
): { readonly path: string; readonly as: string }[] {
  const folder = contents.map(({ path, digest }) => ({ path, id: digest.sha256 }));
  const standing = standingPaths(
    manifest.files.map(({ path, sha256 }) => ({ path, id: sha256 })),
    folder,
  );
  return folder.flatMap(({ path, id }) => {
    const as = standing.get(id) ?? path;
    return as === path ? [] : [{ path, as }];
  });
}

/** Of the rows that the manifest knows, how many would leave with `gone`, if no file that stays holds the same content. */
export function rowsLost(
  gone: readonly ManifestFile[],
  contents: readonly LocalContent[],
  manifest: Manifest,
): { readonly lost: number; readonly all: number } {
  const staying = new Set(contents.map(({ digest }) => digest.sha256));
  const lost = gone.filter(({ sha256 }) => !staying.has(sha256)).reduce((sum, { rows }) => sum + rows, 0);
  return { lost, all: manifest.files.reduce((sum, { rows }) => sum + rows, 0) };
}

/** The manifest after a push: entries of other pushes stay, `sent` replace those of their paths, `removed` leave. */
export function afterPush(
  manifest: Manifest,
  sent: readonly ManifestFile[],
  removed: Manifest['removed'],
  commit: Manifest['commit'],
): Manifest {
  const files = new Map(manifest.files.map((file) => [file.path, file]));
  for (const { path } of removed) files.delete(path);
  for (const entry of sent) files.set(entry.path, entry);
  const gone = new Map([...manifest.removed, ...removed].map((entry) => [entry.path, entry]));
  for (const path of files.keys()) gone.delete(path);
  return {
    version: 1,
    commit: commit ?? manifest.commit,
    files: byPath([...files.values()]),
    removed: byPath([...gone.values()]),
  };
}

function byPath<T extends { readonly path: string }>(entries: T[]): T[] {
  return entries.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}
