import { z } from 'zod';
import { ExplainedError } from './explained-error.ts';

const text = z.string();
const count = z.number().int().nonnegative();

/**
 * state/manifest.json: the source files as upload-data sent them, sorted by path. `commit` is the newest that was pushed;
 * `removed` the files that were taken out of the lake with their rows, until they come back. Writer: upload-data.
 */
export const manifest = z.object({
  version: z.literal(1),
  commit: z.object({ sha: text, time: text }).nullable().default(null),
  removed: z
    .array(
      z.object({
        path: text,
        key: text,
        commit: text.nullable(),
        removed_at: text,
        confirmed: z.boolean(),
      }),
    )
    .default([]),
  files: z.array(
    z.object({
      path: text,
      key: text,
      sha256: text,
      size: count,
      rows: count,
      version_id: text.nullable(),
      etag: text,
      commit: text.nullable(),
    }),
  ),
});
export type Manifest = z.infer<typeof manifest>;
export type ManifestFile = Manifest['files'][number];
export type RemovedFile = Manifest['removed'][number];

/** state/ingested.json: content of the entity table at one metadata_location. Writer: ingestion job. A cache. */
export const ingested = z.object({
  version: z.literal(1),
  metadata_location: text,
  snapshot_id: text.nullable(),
  /** The settings that the files were judged by; absent in the lake of an earlier version. */
  settings: z.record(text, text).optional(),
  /** Holds that kept a content out of the table or, with an empty SHA-256, the rows of a removed file in it. */
  holds: z.array(z.object({ path: text, sha256: text })).default([]),
  files: z.array(
    z.object({
      path: text,
      key: text,
      etag: text,
      size: count,
      sha256: text,
      rows: count,
      /** Its content was undone by a rollback: it is not in the table, and stays out until it is released. */
      held: z.boolean().default(false),
      /** It breaks the contract and was put aside: nothing of it is in the table; SHA-256 and rows are not known. */
      quarantined: z.boolean().default(false),
    }),
  ),
});
export type Ingested = z.infer<typeof ingested>;

/**
 * state/holds.json: contents that a rollback has undone, or, with an empty SHA-256, the removal of a file that it has
 * undone. Writers: ingestion job, release.
 */
export const holds = z.object({
  version: z.literal(1),
  contents: z.array(
    z.object({ path: text, sha256: text, rows: count, held_at: text, snapshot_id: text.nullable() }),
  ),
});
export type Holds = z.infer<typeof holds>;
export type HeldContent = Holds['contents'][number];

/** state/names.json: original text to name. Writer: views job. */
export const names = z.object({
  version: z.literal(1),
  views: z.record(text, text),
  columns: z.record(text, z.record(text, text)),
  /** Of an entity1 with several views: the names of its second and further ones, in order. */
  more: z.record(text, z.array(text)).default({}),
  /** Key to the number (1 is the second) of the view that holds it; keys that are not here are in the first. */
  placed: z.record(text, z.record(text, count)).default({}),
});
export type Names = z.infer<typeof names>;

/** As the publisher says it in its log, in state/views.json and in the result of a dry run. */
export const viewWarning = z.object({ text, line: count.nullable() });

/** One view as it was published last. */
const publishedView = z.object({
  entity1: text,
  columns: z.array(text),
  /** SHA-256 of both texts; empty when the view is to be published again. */
  hash: text,
  /** Why the last run left the view as it was: its rules cannot hold, or an engine refuses what they ask for. */
  refused: text.optional(),
  /** Of Athena's longest statement about the view, and of its longer text in the Data Catalog. */
  athena_bytes: count.optional(),
  glue_characters: count.optional(),
  /** When it was made or changed last, and the snapshot whose keys it has. */
  published_at: text.optional(),
  snapshot_id: text.optional(),
  /** By rules: column to key, of those that a rule has named, and the columns that no key has. */
  renamed: z.record(text, text).optional(),
  extra: z.array(text).optional(),
});

/** state/views.json: what was published. Snapshot ids are texts (64 bit). Writer: views job. */
export const publishedViews = z.object({
  version: z.literal(1),
  snapshot_id: text.nullable(),
  /** What they were made by; absent in the lake of an earlier version. */
  settings: z.record(text, text).optional(),
  /** Names and types of the entity table's columns at that time. */
  table_columns: z.array(text).optional(),
  /** Views whose entity1 has no row any more, and since when; `published` is absent where an earlier version left them. */
  without_data: z
    .record(text, z.object({ entity1: text, since: text, published: publishedView.optional() }))
    .optional(),
  /** SHA-256 of config/views.yml as they were made by it; null or absent without one. */
  rules: text.nullable().optional(),
  /** What people ought to know though nothing failed, as far as there is room; `line` of config/views.yml. */
  warnings: z.array(viewWarning).optional(),
  warnings_more: count.optional(),
  views: z.record(text, publishedView),
});
export type PublishedViews = z.infer<typeof publishedViews>;
export type PublishedView = PublishedViews['views'][string];

/** state/view-sql/VIEW.json: both texts of a view as it was published with this hash. Writer: views job. */
export const viewSql = z.object({ version: z.literal(1), hash: text, athena: text, spark: text });
export type ViewSql = z.infer<typeof viewSql>;

/** state/grants.json: the readers that have what they are to have, as configured; null when a grant failed. Writer: views job. */
export const viewGrants = z.object({
  version: z.literal(1),
  readers: z.array(z.json()).nullable(),
  grants: z.record(text, z.array(text)),
});
export type ViewGrants = z.infer<typeof viewGrants>;

/**
 * state/verified.json: what Spark read from each view at one snapshot. `hash`: as the view was published then; absent
 * where the job may not read that. Writer: verify job.
 */
export const verified = z.object({
  version: z.literal(1),
  snapshot_id: text.nullable(),
  job_run_id: text,
  views: z.record(
    text,
    z.object({ columns: z.array(text), rows: count, fingerprint: text, hash: text.optional() }),
  ),
  failed: z.record(text, text),
});
export type Verified = z.infer<typeof verified>;

/** state/rows/VIEW.json: the rows of a view as Spark read them, ordered by hash. Writer: verify job with --rows_of. */
export const viewRows = z.object({
  columns: z.array(text),
  rows: z.array(z.object({ hash: text, values: z.array(text.nullable()) })),
});
export type ViewRows = z.infer<typeof viewRows>;

/** Reads one state object; `where` names it in the error. Throws ExplainedError when it has another shape. */
export function parseState<T>(schema: z.ZodType<T>, body: string, where: string): T {
  let why: string;
  try {
    const parsed = schema.safeParse(JSON.parse(body));
    if (parsed.success) return parsed.data;
    why = parsed.error.issues
      .map((issue) => `${issue.path.join('.') || 'document'}: ${issue.message}`)
      .join('; ');
  } catch (cause) {
    why = cause instanceof Error ? cause.message : String(cause);
  }
  throw new ExplainedError({
    what: 'a state object of the lake cannot be read',
    where,
    why,
    cure: `delete the object (aws s3 rm ${where}): the next run builds it anew`,
  });
}

/** The text of a state object: 2-space indent, sorted keys, final line break. */
export function stateText(value: unknown): string {
  return `${JSON.stringify(value, sortedKeys, 2)}\n`;
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
