import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  GetRoleCommand,
  IAMClient,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type Credentials as IssuedCredentials,
  STSClient,
} from '@aws-sdk/client-sts';
import { commandLine, type Lake, lakeAt } from '../../../src/lake/lake.ts';
import { localEnvironment } from '../../../src/local/environment.ts';
import { ADMINISTRATOR } from '../../../src/local/gateway/identity/administrator.ts';
import { localBucket } from '../../../src/local/lake.ts';
import { runningLake } from '../../../src/local/lakes.ts';
import { REPOSITORY } from '../../../src/local/toolchain.ts';
import { localBackend, localInputs } from '../../../src/terraform/apply-local.ts';
import { copyConfiguration } from '../../../src/terraform/configuration.ts';
import { providerCache, writeCliConfiguration } from '../../../src/terraform/providers.ts';
import { type InputOptions, type Terraform, terraform } from '../../../src/terraform/terraform.ts';
import { FOLDERS, type Ground } from './attempts.ts';
import { policy } from './policy.ts';

/** What a client signs with; temporary keys have a session token. */
export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

export const GITHUB = { repository: 'my-org/my-lake', owner_id: '4711', repository_id: '815' };
const ANALYST = 'environments-analyst';
const ISSUER = 'https://token.actions.githubusercontent.com';

/** The account of a local lake, with two environments beside the lake that is its own. */
export function account(name: string, folder: string) {
  const lake = runningLake(name);
  const stateBucket = `mydatahub-states-${name}`;
  const bucketOf = (environment: string) => `mydatahub-${name}-${environment}`;
  const endpoint = { endpoint: lake.endpoint, region: lake.region };
  mkdirSync(folder, { recursive: true });

  const commands = (room: string, directory: string, keys: Credentials): Terraform => {
    const { accessKeyId, secretAccessKey, sessionToken } = keys;
    return terraform({
      directory,
      dataDirectory: join(room, 'data'),
      env: localEnvironment(lake, {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
        GOGC: '400',
      }),
      cliConfigFile: writeCliConfiguration(join(folder, 'cli.tfrc'), providerCache()),
    });
  };
  const administrator = { ...endpoint, credentials: lake.credentials };
  const own = { aws_endpoint_url: lake.endpoint, allowed_account_ids: [lake.accountId] };

  return {
    lake,
    endpoint,
    stateBucket,
    bucketOf,

    /** terraform/bootstrap, ready for Terraform's commands, as the administrator of the account. */
    async bootstrap(): Promise<{ readonly commands: Terraform; readonly inputs: InputOptions }> {
      const room = join(folder, 'bootstrap');
      const directory = join(copyConfiguration(room), 'bootstrap');
      const ready = commands(room, directory, lake.credentials);
      await ready.init({ backendConfig: {} });
      const environment = (name_: string) => ({ s3_bucket_name: bucketOf(name_), environment_suffix: name_ });
      return {
        commands: ready,
        inputs: {
          vars: {
            ...own,
            state_bucket_name: stateBucket,
            environments: { dev: environment('dev'), prod: environment('prod') },
            github: GITHUB,
            mydatahub: [process.execPath, join(REPOSITORY, 'bin', 'mydatahub.js')],
          },
        },
      };
    },

    /** terraform/ in the workspace of an environment, with its own tfvars, as whoever holds the keys. */
    async environment(
      environment: string,
      keys: Credentials,
      boundary: string,
    ): Promise<{ readonly commands: Terraform; readonly inputs: InputOptions }> {
      const room = join(folder, `${environment}-${keys.accessKeyId}`);
      const ready = commands(room, copyConfiguration(room), keys);
      await ready.init({
        backendConfig: localBackend(lake, stateBucket, 'lake.tfstate'),
      });
      await ready.selectWorkspace(environment);
      const local = localInputs(lake).vars ?? {};
      return {
        commands: ready,
        inputs: {
          varFiles: [`env/${environment}.tfvars`],
          vars: {
            ...own,
            aws_cli: local.aws_cli ?? 'aws',
            s3_bucket_name: bucketOf(environment),
            // The provider waits 55 s for it.
            enable_lifecycle: false,
            permissions_boundary_arn: boundary,
            github: { ...GITHUB, environment },
            analysts: [{ principal: `arn:aws:iam::${lake.accountId}:user/${ANALYST}` }],
          },
        },
      };
    },

    /** Keys of a new user who is an analyst of every environment and may do nothing else. */
    async analyst(): Promise<Credentials> {
      const iam = new IAMClient(administrator);
      await iam.send(new CreateUserCommand({ UserName: ANALYST }));
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: ANALYST }));
      return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
    },

    /** Lets the analyst ask Athena, as the documentation says. */
    async attachAthenaAccess(environment: string): Promise<void> {
      const PolicyArn = `arn:aws:iam::${lake.accountId}:policy/mydatahub/mydatahub-athena-access-${environment}`;
      await new IAMClient(administrator).send(new AttachUserPolicyCommand({ UserName: ANALYST, PolicyArn }));
    },

    /** The lake of an environment, for verbs that are called with these keys. */
    lakeOf(environment: string, credentials: Credentials): Promise<Lake> {
      const connection = { ...endpoint, credentials, bucket: bucketOf(environment) };
      return lakeAt(environment, connection, commandLine(environment));
    },

    /** Where a role of an environment may try things, with an object to read in every folder. */
    async ground(environment: string): Promise<Ground> {
      const s3 = new S3Client({ ...administrator, forcePathStyle: true });
      const put = (Bucket: string, name_: string) =>
        s3.send(new PutObjectCommand({ Bucket, Key: `${name_}/attempt`, Body: 'x' }));
      const otherBucket = localBucket(name);
      for (const one of FOLDERS) await put(bucketOf(environment), one);
      await put(otherBucket, 'raw-data');
      return { endpoint, bucket: bucketOf(environment), otherBucket, stateBucket, environment };
    },

    /** Keys of a role for a job of GitHub Actions with these claims; throws AWS's refusal. */
    async assume(
      RoleArn: string,
      claims: { readonly sub: string; readonly aud?: string },
    ): Promise<Credentials> {
      const sts = new STSClient({ ...endpoint, credentials: { accessKeyId: '', secretAccessKey: '' } });
      const WebIdentityToken = githubToken({ aud: 'sts.amazonaws.com', ...claims });
      const request = { RoleArn, RoleSessionName: 'github', WebIdentityToken };
      return keysOf((await sts.send(new AssumeRoleWithWebIdentityCommand(request))).Credentials);
    },

    /** Keys of a role that only a service of AWS may take: for a moment it trusts the administrator as well. */
    async assumeAsService(RoleName: string): Promise<Credentials> {
      const iam = new IAMClient(administrator);
      const sts = new STSClient(administrator);
      const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
      const before = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
      const { Statement } = JSON.parse(before) as { Statement: object | object[] };
      const trust = (PolicyDocument: string) =>
        iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
      const AWS = `arn:aws:iam::${lake.accountId}:user/${ADMINISTRATOR}`;
      const more = { Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' };
      await trust(policy(...[Statement].flat(), more));
      try {
        const request = { RoleArn: Role?.Arn ?? '', RoleSessionName: 'attempts' };
        return keysOf((await sts.send(new AssumeRoleCommand(request))).Credentials);
      } finally {
        await trust(before);
      }
    },
  };
}

function keysOf(issued: IssuedCredentials | undefined): Credentials {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = issued ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** A token in the form of GitHub's; the local STS verifies no signature. */
function githubToken(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const times = { iat: seconds(), exp: seconds() + 300 };
  return [part({ alg: 'RS256', typ: 'JWT' }), part({ iss: ISSUER, ...times, ...claims }), 'signature'].join(
    '.',
  );
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
