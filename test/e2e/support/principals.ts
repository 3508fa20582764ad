import { AthenaClient } from '@aws-sdk/client-athena';
import { GlueClient } from '@aws-sdk/client-glue';
import {
  GrantPermissionsCommand,
  LakeFormationClient,
  type Permission,
  type Resource,
  RevokePermissionsCommand,
} from '@aws-sdk/client-lakeformation';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { clientOf, jobRole } from './identities.ts';
import { sharedLake } from './lake.ts';
import { policy } from './policy.ts';

const lake = sharedLake();
const administrator = clientOf(lake.access_key_id, lake.secret_access_key);
export const lakeFormation = new LakeFormationClient(administrator);

/** Whom IAM lets do everything but read the files of tables: what is refused then, Lake Formation refuses. */
const STATEMENTS = [
  { Effect: 'Allow', Action: '*', Resource: '*' },
  { Effect: 'Deny', Action: 's3:*', Resource: `arn:aws:s3:::${lake.bucket}/iceberg-data/*` },
] as const;
const TRUST = policy({
  Effect: 'Allow',
  Principal: {
    Service: ['glue.amazonaws.com', 'lakeformation.amazonaws.com'],
    AWS: `arn:aws:iam::${lake.account_id}:root`,
  },
  Action: ['sts:AssumeRole', 'sts:SetContext'],
});

/** A role of the shared lake, and clients that act as it. */
export type Role = { readonly arn: string; readonly athena: AthenaClient; readonly glue: GlueClient };

export async function newRole(name: string): Promise<Role> {
  const arn = await jobRole(name, STATEMENTS, TRUST);
  const sts = new STSClient(administrator);
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'e2e' }));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = Credentials ?? {};
  const client = clientOf(AccessKeyId, SecretAccessKey, SessionToken);
  return { arn, athena: new AthenaClient(client), glue: new GlueClient(client) };
}

export const DATABASE: Resource = { Database: { Name: 'iceberg_db' } };
export const named = (Name: string): Resource => ({ Table: { DatabaseName: 'iceberg_db', Name } });

type Grantable = { readonly grantable?: readonly Permission[] };

export async function grant(
  principal: string,
  Resource: Resource,
  Permissions: Permission[],
  { grantable = [] }: Grantable = {},
): Promise<void> {
  const Principal = { DataLakePrincipalIdentifier: principal };
  const PermissionsWithGrantOption = [...grantable];
  await lakeFormation.send(
    new GrantPermissionsCommand({ Principal, Resource, Permissions, PermissionsWithGrantOption }),
  );
}

export async function revoke(
  principal: string,
  Resource: Resource,
  Permissions: Permission[],
  { grantable = [] }: Grantable = {},
): Promise<void> {
  const Principal = { DataLakePrincipalIdentifier: principal };
  const PermissionsWithGrantOption = [...grantable];
  await lakeFormation.send(
    new RevokePermissionsCommand({ Principal, Resource, Permissions, PermissionsWithGrantOption }),
  );
}
