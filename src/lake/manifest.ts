import { ExplainedError } from './explained-error.ts';
import type { Lake } from './lake.ts';
import { type Manifest, manifest, parseState, stateText } from './state.ts';

const NONE: Manifest = { version: 1, commit: null, removed: [], files: [] };
/** Pushes that may come first before this one gives up. */
const ATTEMPTS = 10;

function keyOf(lake: Lake): string {
  return `${lake.config.prefixes.state}manifest.json`;
}

async function current(lake: Lake): Promise<{ value: Manifest; etag: string | undefined }> {
  const key = keyOf(lake);
  const object = await lake.bucket.text(key);
  if (object === undefined) return { value: NONE, etag: undefined };
  return { value: parseState(manifest, object.body, lake.bucket.url(key)), etag: object.etag };
}

/** state/manifest.json as it is now; empty when there is none yet. */
export async function readManifest(lake: Lake): Promise<Manifest> {
  return (await current(lake)).value;
}

/**
 * Writes `change` of the manifest as it is at that moment: when another push wins, its manifest is read and changed
 * again, so no entry of either is lost. Throws ExplainedError after ten lost races.
 */
export async function changeManifest(
  lake: Lake,
  change: (manifest: Manifest) => Manifest | Promise<Manifest>,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { value, etag } = await current(lake);
    const body = stateText(await change(value));
    const condition = etag === undefined ? 'if-absent' : { ifMatch: etag };
    if ((await lake.bucket.putIf(keyOf(lake), body, condition)) !== undefined) return;
  }
  throw new ExplainedError({
    what: 'the manifest could not be written: other pushes came first each time',
    where: lake.bucket.url(keyOf(lake)),
    cure: 'run upload-data again; it sends only what is missing',
  });
}
