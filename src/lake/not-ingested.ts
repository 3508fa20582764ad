import type { Lake } from './lake.ts';
import { readIngested } from './lake-state.ts';
import { readManifest } from './manifest.ts';
import type { Ingested, Manifest } from './state.ts';

/** Files that upload-data has sent, or taken out of the lake, and that no ingestion has seen yet. */
export type NotIngested = { readonly sent: number; readonly removed: number };

/** Two GETs. Throws ExplainedError where the state cannot be read. */
export async function readNotIngested(lake: Lake): Promise<NotIngested> {
  const [manifest, ingested] = await Promise.all([readManifest(lake), readIngested(lake)]);
  return notIngested(manifest, ingested);
}

/**
 * `ingested`: `undefined` when there was no ingestion. Files that are held or put aside were seen by it; an object that
 * came without upload-data is in no manifest, and only `pendingWork` finds it.
 */
export function notIngested(
  { files, removed }: Pick<Manifest, 'files' | 'removed'>,
  ingested: Pick<Ingested, 'files'> | undefined,
): NotIngested {
  const seen = new Map(ingested?.files.map((file) => [file.key, file]));
  const sent = files.filter(({ key, etag, size }) => {
    const file = seen.get(key);
    return file === undefined || file.etag !== etag || file.size !== size;
  });
  return { sent: sent.length, removed: removed.filter(({ key }) => seen.has(key)).length };
}
