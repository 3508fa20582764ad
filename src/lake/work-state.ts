import { createHash } from 'node:crypto';
import type { Lake } from './lake.ts';
import { readHolds } from './lake-state.ts';
import { readManifest } from './manifest.ts';
import { isSourceFileName } from './source-folder.ts';

/**
 * A digest of all that a run of the workflow acts on: the source files as they lie in the bucket, those that were removed,
 * what is held, and the lake's configuration. Two runs with the same digest have the same to do. Costs two lists and two
 * GETs.
 */
export async function workState(lake: Lake): Promise<string> {
  const { raw, config } = lake.config.prefixes;
  const manifest = await readManifest(lake);
  const [sources, settings, holds] = await Promise.all([
    lake.bucket.list(
      raw,
      manifest.files.map(({ key }) => key),
    ),
    lake.bucket.list(config),
    readHolds(lake),
  ]);
  const content = (objects: typeof sources) => objects.map(({ key, etag }) => [key, etag]);
  const work = {
    sources: content(sources.filter(({ key }) => isSourceFileName(key))),
    removed: manifest.removed.map(({ key, confirmed }) => [key, confirmed]),
    held: (holds?.contents ?? []).map(({ path, sha256 }) => [path, sha256]).sort(),
    settings: content(settings),
  };
  return createHash('sha256').update(JSON.stringify(work)).digest('hex');
}
