import { isOn, type JobArguments, sparkSettings, urls } from './job-arguments.ts';

const FLAG = '--enable-lakeformation-fine-grained-access';
const NAMED_CATALOG = /^spark\.sql\.catalog\.([^.]+)/;

export function isFineGrained(values: JobArguments): boolean {
  return isOn(values, FLAG);
}

/** Where the tables of a run with fine-grained access control are; `undefined` without it. */
export function fineGrainedWarehouse(values: JobArguments): string | undefined {
  if (!isFineGrained(values)) return undefined;
  return sparkSettings(values)['spark.sql.catalog.spark_catalog.warehouse'] ?? '';
}

/**
 * Why a run cannot start with Lake Formation's fine-grained access control; `undefined` when it can, or does not ask
 * for it. Rules: AWS Glue, "Considerations and limitations" of fine-grained access control.
 */
export function fineGrainedRefusal(
  values: JobArguments,
  workers: number | undefined,
  glueVersion: string,
): string | undefined {
  if (!isFineGrained(values)) return undefined;
  if (Number.parseFloat(glueVersion) < 5) {
    return refusal(
      `it needs Glue version 5.0 or later, and this is ${glueVersion}`,
      'set GlueVersion to 5.1',
    );
  }
  if (workers === undefined || workers < 4) {
    return refusal(
      'it needs a minimum of 4 workers (user driver, system driver, system executor, standby user executor), ' +
        `and this has ${workers ?? 'no number of workers'}`,
      'set NumberOfWorkers to 4 or more',
    );
  }
  if (urls(values, '--extra-jars').length > 0) {
    return refusal(
      'additional JARs for Spark extensions, connectors or metastores are blocked, and --extra-jars is set',
      "remove --extra-jars, and use Glue's own Iceberg by --datalake-formats iceberg",
    );
  }
  for (const key of Object.keys(sparkSettings(values))) {
    const catalog = NAMED_CATALOG.exec(key)?.[1];
    if (catalog !== undefined && catalog !== 'spark_catalog') {
      return refusal(
        'Apache Iceberg is supported with the session catalog only, not with arbitrarily named catalogs, ' +
          `and --conf configures '${catalog}'`,
        `configure spark.sql.catalog.spark_catalog, and write database.table instead of ${catalog}.database.table`,
      );
    }
  }
  return undefined;
}

function refusal(why: string, cure: string): string {
  return `InvalidInputException: Lake Formation fine-grained access control: ${why}.\n  cure: ${cure}`;
}
