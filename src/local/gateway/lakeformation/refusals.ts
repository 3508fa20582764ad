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
  /** A table or database is made, or moved, where the caller has no DATA_LOCATION_ACCESS. */
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

export type RefusalName = keyof typeof REFUSALS;

/** The refusal as the service sends it. */
export function refused(refusal: RefusalName, values: Readonly<Record<string, string>> = {}): AwsError {
  const { code, text } = REFUSALS[refusal];
  return new AwsError(
    code,
    text.replace(/\{(\w+)\}/g, (all, key: string) => values[key] ?? all),
  );
}

/** `Required Select on entity_data`. `name` is the database's or the table's alone, or `Catalog`. */
export function requires(permission: Permission, name: string): AwsError {
  return refused('required', { permission: permissionWords(permission), name });
}
