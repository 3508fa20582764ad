import { z } from 'zod';
import { ExplainedError } from './explained-error.ts';

const prefix = z.string().regex(/^[^/].*\/$/, 'a prefix ends with / and does not begin with it');

const lakeConfig = z.object({
  version: z.literal(1),
  region: z.string().min(1),
  account_id: z.string().regex(/^\d{12}$/),
  bucket: z.string().min(3),
  prefixes: z.object({
    raw: prefix,
    iceberg: prefix,
    jars: prefix,
    scripts: prefix,
    config: prefix,
    state: prefix,
    results: prefix,
    /** A lake that an earlier version has applied does not name it. */
    quarantine: prefix.default('quarantine/'),
  }),
  database: z.string().min(1),
  table: z.string().min(1),
  workflow: z.string().min(1),
  workgroup: z.string().min(1),
  jobs: z.object({
    ingestion: z.string().min(1),
    views: z.string().min(1),
    spark_dialect: z.string().min(1),
    verify: z.string().min(1),
  }),
  roles: z.object({ ingestion: z.string().min(1), definer: z.string().min(1), reader: z.string().min(1) }),
  /** The jobs' log groups are this and `/output` or `/error`. */
  log_group: z.string().startsWith('/'),
  /** Who may read which views; the publisher grants it. */
  readers: z
    .array(z.object({ principal: z.string().min(1), views: z.array(z.string().min(1)) }).loose())
    .default([]),
  glue_version: z.string().min(1),
  /** How the views are defined, and what becomes of one without data. */
  views: z
    .object({ form: z.enum(['auto', 'chunked', 'case']), without_data: z.enum(['keep', 'mark', 'drop']) })
    .default({ form: 'auto', without_data: 'keep' }),
  ingestion: z
    .object({
      mode: z.enum(['sync', 'append']),
      removed_files: z.enum(['keep', 'remove']),
      bad_files: z.enum(['refuse', 'quarantine']),
      additional_columns: z.enum(['refuse', 'merge']),
    })
    .default({ mode: 'sync', removed_files: 'keep', bad_files: 'refuse', additional_columns: 'refuse' }),
});

/** Every name the verbs need. Terraform writes it to config/lake.json; no name is repeated elsewhere. */
export type LakeConfig = z.infer<typeof lakeConfig>;

/** Where Terraform puts the configuration: the one key that is known before it is read. */
export const LAKE_CONFIG_KEY = 'config/lake.json';

/** Reads the text of config/lake.json; `where` names the object in the error. Throws ExplainedError. */
export function parseLakeConfig(text: string, where: string): LakeConfig {
  const cure = 'run terraform apply for this lake again: it writes the object';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ExplainedError({ what: 'the lake configuration is not JSON', where, cure, cause });
  }
  const parsed = lakeConfig.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'document'}: ${issue.message}`,
  );
  throw new ExplainedError({
    what: `the lake configuration does not have the expected shape: ${issues.join('; ')}`,
    where,
    why: 'it was written by another version of the Terraform configuration',
    cure,
  });
}
