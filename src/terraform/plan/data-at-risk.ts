import { isMaskedObject, type Masked, type MaskedObject, same } from './masked.ts';
import { addressOf, type MaskedChange } from './resources.ts';

/** What could cost data, and why. */
export type Risk = { readonly address: string; readonly why: string };

/** Types of resources that hold data, or the only key to it. */
const HOLDS_DATA = new Set([
  'aws_s3_bucket',
  'aws_s3tables_table',
  'aws_s3tables_table_bucket',
  'aws_glue_catalog_database',
  'aws_glue_catalog_table',
  'aws_athena_database',
  'aws_kms_key',
  'aws_dynamodb_table',
  'aws_db_instance',
  'aws_rds_cluster',
  'aws_redshift_cluster',
  'aws_efs_file_system',
  'aws_ebs_volume',
  'aws_secretsmanager_secret',
]);
/** terraform/guard.tf: it is replaced when another bucket, database or table would stand in the place of the lake's. */
const GUARD = 'terraform_data.guard';
const EXPIRY = ['expiration', 'noncurrent_version_expiration'];

/** Every change of a plan that destroys data, or lets something else destroy it. */
export function dataAtRisk(changes: readonly MaskedChange[]): Risk[] {
  return changes.flatMap((change) => {
    const why = riskOf(change);
    return why === undefined ? [] : [{ address: addressOf(change.shown), why }];
  });
}

function riskOf({ shown, kind, before, after }: MaskedChange): string | undefined {
  const { type, address, deposed } = shown;
  const lost = kind === 'destroy' || kind === 'replace';
  if (lost && address === GUARD) return 'the lake gets another bucket, database or table, or is destroyed';
  if (lost && HOLDS_DATA.has(type))
    return `is ${kind === 'replace' ? 'replaced' : 'destroyed'}, and with it what it holds${deposed === undefined ? '' : ' (a left-over)'}`;
  const was = isMaskedObject(before) ? before : {};
  const will = isMaskedObject(after) ? after : {};
  if (address === GUARD && allowsDestroy(will) && !allowsDestroy(was))
    return 'allow_destroy is switched on: a later plan may destroy the lake';
  if (will.force_destroy === true && was.force_destroy === false)
    return 'force_destroy is switched on: when it is destroyed, its content goes with it';
  if (type === 'aws_s3_bucket_versioning' && keepsVersions(was) && !keepsVersions(will))
    return 'old versions of objects are no longer kept';
  if (
    type === 'aws_s3_bucket_lifecycle_configuration' &&
    kind !== 'destroy' &&
    !same(expiry(was), expiry(will))
  )
    return 'rules that delete objects by their age change';
  return undefined;
}

function allowsDestroy({ input }: MaskedObject): boolean {
  return isMaskedObject(input) && input.allow_destroy === true;
}

function keepsVersions({ versioning_configuration: configuration }: MaskedObject): boolean {
  const first = Array.isArray(configuration) ? (configuration[0] as Masked) : undefined;
  return isMaskedObject(first) && first.status === 'Enabled';
}

/** What a lifecycle configuration deletes, by the names of its rules. */
function expiry({ rule }: MaskedObject): Masked[] {
  const rules = (Array.isArray(rule) ? (rule as readonly Masked[]) : []).filter(isMaskedObject);
  return rules
    .filter((one) => EXPIRY.some((name) => Array.isArray(one[name]) && one[name].length > 0))
    .map((one) => [one.id ?? null, one.filter ?? null, ...EXPIRY.map((name) => one[name] ?? null)]);
}
