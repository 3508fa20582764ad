import { catalogTables } from '../aws/catalog-tables.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import type { Lake } from '../lake/lake.ts';
import { nearestNames } from '../lake/nearest.ts';

/** Why Spark would not run a statement, as its session says it. */
export type SparkError = { readonly name: string; readonly message: string };

/** The name in Spark's message of a table or view that there is none of (Spark's error classes). */
const NOT_FOUND = /\[TABLE_OR_VIEW_NOT_FOUND\].*? view ((?:`[^`]+`\.?)+) cannot be found/s;

/** Lake Formation's refusal, and of what: AWS's words, which Spark passes on (docs/troubleshooting-lakeformation.md). */
const NOT_GRANTED = /Insufficient Lake Formation permission\(s\)(?:: Required ([\w ,]+?))? on `?([\w.`]+\w)/;

/**
 * The failure of a statement that Spark refused, for whoever wrote it. Of a view that there is not it names those whose
 * names are most like it. `where`: session and statement.
 */
export async function refusedBySpark(
  lake: Lake,
  { name, message }: SparkError,
  where: string,
): Promise<ExplainedError> {
  const notGranted = NOT_GRANTED.exec(message);
  if (notGranted !== null) return lackingGrant(lake, notGranted, where);
  const missing = NOT_FOUND.exec(message)?.[1];
  if (missing === undefined) {
    return new ExplainedError({
      what: `Spark refused the statement: ${name}: ${message}`,
      where,
      cure: 'mend the statement; views are named DATABASE.entity_view_NAME in both engines',
    });
  }
  const names = await namesThere(lake);
  return new ExplainedError({
    what: `Spark knows no table or view ${missing.replaceAll('`', '')}`,
    where,
    why: whyMissing(missing.split('.').at(-1)?.replaceAll('`', '') ?? '', names, lake.config.database),
    cure: `name one that there is: npx mydatahub views list --lake ${lake.name} shows the views; the same name holds in both engines`,
  });
}

/** `found`: of NOT_GRANTED. A view has the table's name in it when its definer may not read that any more. */
function lackingGrant(lake: Lake, [what, permission, of = '']: RegExpExecArray, where: string) {
  const { table, roles } = lake.config;
  const name = of.replaceAll('`', '').split('.').at(-1) ?? '';
  const lacking = permission === undefined ? 'a grant' : permission.toUpperCase();
  return new ExplainedError({
    what: `Spark may not run the statement: ${what}`,
    where,
    why: `a session reads as ${roles.reader}, and ${lacking} on ${name} is missing for it, or for the definer of the view`,
    cure: `${grantOf(lake, permission, name === table)} (docs/lake-formation-permissions.md)`,
  });
}

function grantOf(lake: Lake, permission: string | undefined, ofTable: boolean): string {
  if (permission !== undefined && !/^(select|describe)\b/i.test(permission)) {
    return 'readers only read: what is to change in the table goes through source files (upload-data, run-ingestion)';
  }
  const again = lake.call('run-ingestion', ofTable ? 'refresh' : 'republish');
  return ofTable
    ? 'the reader is granted views alone: name a view, or ask the entity table with --engine athena, as one of `analysts` ' +
        `with base_table = true; if it was a view that you named, ${again} grants the table to its definer again`
    : `${again} grants SELECT and DESCRIBE on the views again, to the \`readers\` of config/lake.json, which Terraform writes`;
}

function whyMissing(asked: string, names: readonly string[], database: string): string {
  if (names.includes(asked)) {
    return `the Data Catalog has ${database}.${asked}: it was named without its database, in another one, or the reader of the session may not see it`;
  }
  const near = nearestNames(asked, names).map((each) => `${database}.${each}`);
  return near.length > 0 ? `most like it: ${near.join(', ')}` : `nothing in ${database} has a name like it`;
}

/** None where the listing fails as well: the statement's own error is what counts. */
async function namesThere(lake: Lake): Promise<string[]> {
  try {
    return [...(await catalogTables(lake.connection, lake.config.database)).keys()];
  } catch {
    return [];
  }
}
