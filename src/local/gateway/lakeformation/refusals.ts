import { AwsError } from '../protocol.ts';
import { type Permission, permissionWords } from './permission.ts';

/**
 * Every refusal of Lake Formation that the local lake knows, in AWS's own words where they are public. `source` says
 * who saw the text; `not public` marks words of ours in AWS's form. The guide to these is
 * docs/troubleshooting-lakeformation.md.
 */
export const REFUSALS = {
  /** A Glue or Lake Formation call whose caller lacks a permission. */
  required: {
    code: 'AccessDeniedException',
    text: 'Insufficient Lake Formation permission(s): Required {permission} on {name}',
    source: 'hashicorp/terraform-provider-aws#49398, aws-solutions/workload-discovery-on-aws#228',
  },
  /**
   * A table or database is made, or moved, where the caller has no DATA_LOCATION_ACCESS; or a view is read whose definer
   * may not read the base table any more.
   */
  location: {
    code: 'AccessDeniedException',
    text: 'Insufficient Lake Formation permission(s) on {name}',
    source: 'AWS Glue developer guide, troubleshooting Lake Formation',
  },
  /** Grant or Revoke by somebody who holds no grantable permission, and is no data lake administrator. */
  mayNotGrant: {
    code: 'AccessDeniedException',
    text: 'Resource does not exist or requester is not authorized to access requested permissions.',
    source: 'aws-cloudformation/cloudformation-coverage-roadmap#1302',
  },
  nothingRevoked: {
    code: 'InvalidInputException',
    text: 'No permissions revoked. Grantee has no permissions.',
    source: 'hashicorp/terraform-provider-aws, internal/service/lakeformation/permissions.go',
  },
  /** A permission that the resource does not have, such as SELECT on a database. */
  invalidModification: {
    code: 'InvalidInputException',
    text: 'Permissions modification is invalid.',
    source: 'documentation of aws_lakeformation_permissions',
  },
  /** The Terraform provider goes on trying for two minutes: a new role may not be known everywhere yet. */
  invalidPrincipal: {
    code: 'InvalidInputException',
    text: 'Invalid principal {name}',
    source: 'hashicorp/terraform-provider-aws, permissions.go ("Invalid principal"); the rest not public',
  },
  unregisteredLocation: {
    code: 'InvalidInputException',
    text: 'You must register the S3 path {name} with Lake Formation first.',
    source: 'hashicorp/terraform-provider-aws, permissions.go ("register the S3 path"); the rest not public',
  },
  noSuchColumn: {
    code: 'InvalidInputException',
    text: 'cannot grant/revoke permission on non-existent column {name}',
    source: 'hashicorp/terraform-provider-aws, permissions.go; the name not public',
  },
  /** A multi-dialect view on a table, or in a database, that IAM alone governs. */
  viewOnIamTable: {
    code: 'InvalidInputException',
    text: 'Multi Dialect views may only reference tables without IAMAllowedPrincipals permissions',
    source: 'Lake Formation developer guide, prerequisites of Data Catalog views',
  },
  viewOnUnregistered: {
    code: 'InvalidInputException',
    text: 'Multi Dialect views may only reference Lake Formation managed tables',
    source: 'Lake Formation developer guide, prerequisites of Data Catalog views',
  },
  definerIsNoRole: {
    code: 'InvalidInputException',
    text: 'The definer of a view can be only an IAM role, and {name} is not the ARN of one.',
    source:
      'rule: Lake Formation developer guide ("Only IAM roles can create Data Catalog views"); words not public',
  },
} as const satisfies Record<string, { code: string; text: string; source: string }>;

/**
 * The reasons with which Athena fails a statement that Lake Formation does not let its caller run. `{place}` is line and
 * column, as in `line 1:15`.
 */
export const ATHENA_REASONS = {
  /** No permission on the database that would show it. */
  schema: {
    text: "SCHEMA_NOT_FOUND: {place}: Schema '{name}' does not exist",
    source: 'Athena release notes, November 2023 (a missing permission reads "Schema not found")',
  },
  /** No permission on the table or view that would show it. */
  table: {
    text: "TABLE_NOT_FOUND: {place}: Table 'awsdatacatalog.{name}' does not exist",
    source: 'Athena release notes, November 2023 (a missing permission reads "Table not found")',
  },
  /** DESCRIBE, and SELECT on no column. */
  columns: {
    text: 'COLUMN_NOT_FOUND: {place}: Relation contains no accessible columns',
    source: 'public reports of eight and more users',
  },
  /** A column without SELECT, by its name. */
  column: {
    text: "COLUMN_NOT_FOUND: {place}: Column '{name}' cannot be resolved or requester is not authorized to access requested resources",
    source: 'measured on Athena',
  },
  /** The definer of a view may not read the base table any more. */
  view: {
    text: "Insufficient permissions to execute the query. {place}: Failed analyzing stored view 'awsdatacatalog.{view}': Insufficient Lake Formation permission(s) on {name}",
    source: 're:Post, "Lake Formation grant permission on view occurs an error"',
  },
  /** INSERT, DELETE, UPDATE or CREATE TABLE AS without the permission. */
  change: {
    text: 'Insufficient permissions to execute the query. Insufficient Lake Formation permission(s): Required {permission} on {name}',
    source:
      'aws-samples/aws-health-events-insight ("Insufficient permissions to execute the query. Insufficient Lake Formation permission(s) on …")',
  },
  /** What Glue refused to a statement such as CREATE VIEW. */
  catalog: {
    text: '{message} (Service: AmazonDataCatalog; Status Code: 400; Error Code: AccessDeniedException; Request ID: {id}; Proxy: null)',
    source: 'data-dot-all/dataall#1028',
  },
  /** The same, to a statement that Hive runs: CREATE and DROP of databases and tables. */
  hive: {
    text: 'FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. MetaException(message:{message} (Service: AmazonDataCatalog; Status Code: 400; Error Code: AccessDeniedException; Request ID: {id}; Proxy: null))',
    source: 'aws-samples/experimental-programmatic-access-ccft#5',
  },
} as const satisfies Record<string, { text: string; source: string }>;

export type RefusalName = keyof typeof REFUSALS;

type Values = Readonly<Record<string, string>>;

/** The refusal as the service sends it. */
export function refused(refusal: RefusalName, values: Values = {}): AwsError {
  const { code, text } = REFUSALS[refusal];
  return new AwsError(code, filled(text, values));
}

/** Athena's reason, as its query execution tells it. */
export function athenaReason(reason: keyof typeof ATHENA_REASONS, values: Values): string {
  return filled(ATHENA_REASONS[reason].text, values);
}

function filled(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (all, key: string) => values[key] ?? all);
}

/** `Required Select on entity_data`. `name` is the database's or the table's alone, or `Catalog`. */
export function requires(permission: Permission, name: string): AwsError {
  return refused('required', { permission: permissionWords(permission), name });
}
