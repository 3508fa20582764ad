import { AthenaClient, DeleteWorkGroupCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { CloudWatchLogsClient, DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateJobCommand,
  CreateSessionCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeleteJobCommand,
  DeleteTableCommand,
  GlueClient,
  StartJobRunCommand,
  StopWorkflowRunCommand,
} from '@aws-sdk/client-glue';
import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRolePermissionsBoundaryCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  GrantPermissionsCommand,
  LakeFormationClient,
  PutDataLakeSettingsCommand,
  RegisterResourceCommand,
} from '@aws-sdk/client-lakeformation';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Credentials } from './environments.ts';
import { policy } from './policy.ts';

/** What somebody may try, by what it is. None does harm where it is allowed: what it is about does not exist. */
export type Attempts = Readonly<Record<string, () => Promise<unknown>>>;

/** Where it is tried: `bucket` has an object `attempt` in every folder, `otherBucket` one in raw-data/. */
export type Ground = {
  readonly endpoint: { readonly endpoint: string; readonly region: string };
  readonly bucket: string;
  readonly otherBucket: string;
  readonly stateBucket: string;
  readonly environment: string;
};

/** Of a lake's bucket. */
export const FOLDERS = ['raw-data', 'state', 'scripts', 'jars', 'config', 'iceberg-data', 'athena-results'];
const ACCOUNT = '123456789012';
const ADMINISTRATOR_ACCESS = 'arn:aws:iam::aws:policy/AdministratorAccess';
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/mydatahub/${name}`;
const ANYTHING = policy({ Effect: 'Allow', Action: '*', Resource: '*' });
const TRUST = policy({ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' });
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/mydatahub/mydatahub-boundary`;

export function attempts(ground: Ground, keys: Credentials): Attempts {
  const client = { ...ground.endpoint, credentials: keys, maxAttempts: 1 };
  return { ...ofObjects(ground, client), ...ofGlue(ground, client), ...ofAccess(ground, client) };
}

/** The names of those that are not refused for want of a permission. */
export async function allowedOf(all: Attempts): Promise<string[]> {
  const allowed: string[] = [];
  for (const [name, attempt] of Object.entries(all)) {
    const refused = await attempt().then(
      () => false,
      (error: Error) => /^AccessDenied(Exception)?$/.test(error.name),
    );
    if (!refused) allowed.push(name);
  }
  return allowed;
}

type Client = Ground['endpoint'] & { readonly credentials: Credentials; readonly maxAttempts: number };

function ofObjects({ bucket, otherBucket, stateBucket, environment }: Ground, client: Client): Attempts {
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const put = (Bucket: string, Key: string) => () =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  const get = (Bucket: string, Key: string) => () => s3.send(new GetObjectCommand({ Bucket, Key }));
  const remove = (Bucket: string, Key: string) => () => s3.send(new DeleteObjectCommand({ Bucket, Key }));
  return {
    ...Object.fromEntries(
      FOLDERS.flatMap((name) => [
        [`write ${name}/`, put(bucket, `${name}/attempt`)],
        [`read ${name}/`, get(bucket, `${name}/attempt`)],
        [`delete in ${name}/`, remove(bucket, `${name}/attempt`)],
      ]),
    ),
    "write another lake's raw-data/": put(otherBucket, 'raw-data/attempt'),
    "read another lake's raw-data/": get(otherBucket, 'raw-data/attempt'),
    'read its Terraform state': get(stateBucket, `env:/${environment}/lake.tfstate`),
    "write its Terraform state's lock": put(stateBucket, `env:/${environment}/lake.tfstate.tflock`),
    'delete its Terraform state': remove(stateBucket, `env:/${environment}/lake.tfstate`),
    "read another lake's Terraform state": get(stateBucket, 'env:/other/lake.tfstate'),
  };
}

function ofGlue({ environment }: Ground, client: Client): Attempts {
  const glue = new GlueClient(client);
  const athena = new AthenaClient(client);
  const DatabaseName = `iceberg_db_${environment}`;
  const job = (Name: string, Role: string) => () =>
    glue.send(
      new CreateJobCommand({ Name, Role, Command: { Name: 'glueetl', ScriptLocation: 's3://none/none.py' } }),
    );
  const query = (WorkGroup: string) => () =>
    athena.send(new StartQueryExecutionCommand({ WorkGroup, QueryString: 'SELECT 1' }));
  return {
    'stop a run of the workflow': () =>
      glue.send(new StopWorkflowRunCommand({ Name: `data-lake-${environment}`, RunId: 'wr_none' })),
    "stop a run of another lake's workflow": () =>
      glue.send(new StopWorkflowRunCommand({ Name: 'data-lake', RunId: 'wr_none' })),
    'run the ingestion with code of its own': () =>
      glue.send(
        new StartJobRunCommand({
          JobName: `csv-to-iceberg-ingestion-${environment}`,
          Arguments: { '--extra-py-files': 's3://none/none.zip' },
        }),
      ),
    'run the publisher with code of its own': () =>
      glue.send(
        new StartJobRunCommand({
          JobName: `create-views-dual-engine-${environment}`,
          Arguments: { '--extra-py-files': 's3://none/none.zip' },
        }),
      ),
    'make a job that runs as the definer': job('attempt', role(`mydatahub-view-definer-${environment}`)),
    'delete a job that is not of the lake': () => glue.send(new DeleteJobCommand({ JobName: 'attempt' })),
    'open a session as the definer': () =>
      glue.send(
        new CreateSessionCommand({
          Id: 'attempt',
          Role: role(`mydatahub-view-definer-${environment}`),
          Command: { Name: 'glueetl', PythonVersion: '3' },
        }),
      ),
    'make a table of another name': () =>
      glue.send(new CreateTableCommand({ DatabaseName, TableInput: { Name: 'attempt', Parameters: {} } })),
    'delete the entity table of another lake': () =>
      glue.send(new DeleteTableCommand({ DatabaseName: 'iceberg_db', Name: 'attempt' })),
    'delete a database that is not of the lake': () =>
      glue.send(new DeleteDatabaseCommand({ Name: 'attempt' })),
    'ask Athena in its workgroup': query(`mydatahub-${environment}`),
    'ask Athena in another workgroup': query('mydatahub'),
    'delete another workgroup': () => athena.send(new DeleteWorkGroupCommand({ WorkGroup: 'attempt' })),
    'delete log groups of others': () =>
      new CloudWatchLogsClient(client).send(new DeleteLogGroupCommand({ logGroupName: '/attempt' })),
  };
}

function ofAccess({ environment, otherBucket }: Ground, client: Client): Attempts {
  const iam = new IAMClient(client);
  const lakeFormation = new LakeFormationClient(client);
  const table = { Table: { DatabaseName: 'attempt', Name: 'attempt' } };
  const principal = { DataLakePrincipalIdentifier: role(`mydatahub-view-reader-${environment}`) };
  return {
    'make a role without the boundary': () =>
      iam.send(
        new CreateRoleCommand({
          Path: '/mydatahub/',
          RoleName: `mydatahub-attempt-${environment}`,
          AssumeRolePolicyDocument: TRUST,
        }),
      ),
    'make a role outside of the path': () =>
      iam.send(
        new CreateRoleCommand({
          RoleName: `mydatahub-attempt-${environment}`,
          AssumeRolePolicyDocument: TRUST,
          PermissionsBoundary: BOUNDARY,
        }),
      ),
    'give the apply role a policy': () =>
      iam.send(
        new PutRolePolicyCommand({
          RoleName: `mydatahub-github-apply-${environment}`,
          PolicyName: 'attempt',
          PolicyDocument: ANYTHING,
        }),
      ),
    'trust the apply role to others': () =>
      iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: `mydatahub-github-apply-${environment}`,
          PolicyDocument: TRUST,
        }),
      ),
    'change the boundary': () =>
      iam.send(
        new CreatePolicyVersionCommand({ PolicyArn: BOUNDARY, PolicyDocument: ANYTHING, SetAsDefault: true }),
      ),
    'take the boundary off a role': () =>
      iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: `mydatahub-ingestion-${environment}` })),
    'make a role of another lake an administrator': () =>
      iam.send(
        new AttachRolePolicyCommand({ RoleName: 'mydatahub-view-definer', PolicyArn: ADMINISTRATOR_ACCESS }),
      ),
    'make a user': () => iam.send(new CreateUserCommand({ UserName: 'attempt' })),
    'make an access key of the administrator': () =>
      iam.send(new CreateAccessKeyCommand({ UserName: 'local-administrator' })),
    'name the Lake Formation administrators': () =>
      lakeFormation.send(new PutDataLakeSettingsCommand({ DataLakeSettings: { DataLakeAdmins: [] } })),
    'ask Lake Formation to grant': () =>
      lakeFormation.send(
        new GrantPermissionsCommand({ Principal: principal, Resource: table, Permissions: ['SELECT'] }),
      ),
    'register a location as a role of another lake': () =>
      lakeFormation.send(
        new RegisterResourceCommand({
          ResourceArn: `arn:aws:s3:::${otherBucket}/attempt`,
          RoleArn: role('mydatahub-table-location'),
        }),
      ),
  };
}
