import { AthenaClient, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { GetTableCommand, GlueClient, StartJobRunCommand } from '@aws-sdk/client-glue';
import {
  CreateOpenIDConnectProviderCommand,
  DeleteAccessKeyCommand,
  DeleteOpenIDConnectProviderCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { clientOf, jobRole, newUser } from '../e2e/support/identities.ts';
import { createJob, ended, start } from '../e2e/support/jobs.ts';
import { sharedLake } from '../e2e/support/lake.ts';
import { policy } from '../e2e/support/policy.ts';
import { putObject } from '../e2e/support/s3.ts';

const lake = sharedLake();
const { bucket } = lake;
const administrator = clientOf(lake.access_key_id, lake.secret_access_key);
const iam = new IAMClient(administrator);
const object = (key: string) => `arn:aws:s3:::${bucket}/${key}`;
const account = `arn:aws:iam::${lake.account_id}`;
const may = (Action: string | string[], Resource: string | string[]) =>
  ({ Effect: 'Allow', Action, Resource }) as const;

const logs = may(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], '*');
const script = (name: string) => may('s3:GetObject', object(`scripts/e2e/${name}.py`));

describe('a job has its role’s permissions and no others:', () => {
  it('without s3:GetObject on the source files it fails in AWS’s words', async () => {
    const name = 'e2e-no-source';
    const key = 'raw-data/e2e/secret.csv';
    const Role = await jobRole(name, [logs, script(name), may('s3:GetObject', object('state/*'))]);
    const read = `import boto3\nboto3.client("s3").get_object(Bucket="${bucket}", Key="${key}")\n`;
    await createJob(name, read, { Role });
    const run = await ended(name, await start(name));
    expect(run.JobRunState).toBe('FAILED');
    expect(run.ErrorMessage).toContain(
      `User: arn:aws:sts::${lake.account_id}:assumed-role/${name}/GlueJobRunnerSession is not authorized to perform: ` +
        `s3:GetObject on resource: "${object(key)}" because no identity-based policy allows the s3:GetObject action`,
    );
  });

  it('without its script it does not start', async () => {
    const Role = await jobRole('e2e-no-script', [logs]);
    await createJob('e2e-no-script', 'print("never")\n', { Role });
    const run = await ended('e2e-no-script', await start('e2e-no-script'));
    expect(run).toMatchObject({
      JobRunState: 'FAILED',
      ErrorMessage: expect.stringContaining('is not authorized to perform: s3:GetObject'),
    });
  });

  it('a role that does not trust Glue is not its', async () => {
    const trust = policy({
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    });
    const Role = await jobRole('e2e-no-trust', [may('*', '*')], trust);
    await createJob('e2e-no-trust', 'print("never")\n', { Role });
    const run = await ended('e2e-no-trust', await start('e2e-no-trust'));
    expect(run.ErrorMessage).toBe(`Role ${Role} should be given assume role permissions for Glue Service.`);
  });
});

describe('a user has the permissions of its policies and no others:', () => {
  let analyst: ReturnType<typeof clientOf>;
  beforeAll(async () => {
    analyst = await newUser('e2e-analyst', [
      may(['athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:GetQueryResults'], '*'),
      may('glue:GetTable', '*'),
      may(['s3:GetObject', 's3:PutObject'], object('athena-results/e2e/*')),
    ]);
  });

  it('who may use Athena cannot start a job', async () => {
    const starting = new GlueClient(analyst).send(
      new StartJobRunCommand({ JobName: 'csv-to-iceberg-ingestion' }),
    );
    await expect(starting).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message:
        `User: ${account}:user/e2e-analyst is not authorized to perform: glue:StartJobRun on resource: ` +
        `arn:aws:glue:${lake.region}:${lake.account_id}:job/csv-to-iceberg-ingestion because no identity-based policy ` +
        'allows the glue:StartJobRun action',
    });
  });

  it('cannot touch another prefix, nor learn what is there', async () => {
    const s3 = new S3Client(analyst);
    const Body = 'x';
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'athena-results/e2e/a', Body }));
    await expect(
      s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'scripts/a.py', Body })),
    ).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    await expect(
      s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'athena-results/e2e/none' })),
    ).rejects.toThrow(/s3:ListBucket on resource/);
    const deleted = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: [{ Key: 'athena-results/e2e/a' }] } }),
    );
    expect(deleted.Errors).toMatchObject([{ Key: 'athena-results/e2e/a', Code: 'AccessDenied' }]);
  });

  it('cannot have results written where it cannot see the bucket', async () => {
    const query = new AthenaClient(analyst).send(
      new StartQueryExecutionCommand({
        QueryString: 'SELECT 1',
        ResultConfiguration: { OutputLocation: `s3://${bucket}/athena-results/e2e/` },
      }),
    );
    await expect(query).rejects.toThrow(`Unable to verify/create output bucket ${bucket}`);
  });

  it('gets more at once when a policy changes, and nothing any more when its key is deleted', async () => {
    const own = await newUser('e2e-changing', []);
    const ask = () =>
      new GlueClient(own).send(new GetTableCommand({ DatabaseName: 'iceberg_db', Name: 'none' }));
    await expect(ask()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await iam.send(
      new PutUserPolicyCommand({
        UserName: 'e2e-changing',
        PolicyName: 'own',
        PolicyDocument: policy(may('glue:GetTable', '*')),
      }),
    );
    await expect(ask()).rejects.not.toThrow(/glue:GetTable/);
    const AccessKeyId = own.credentials.accessKeyId;
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'e2e-changing', AccessKeyId }));
    await expect(ask()).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  });

  it('is nobody with an unknown key or a wrong secret', async () => {
    const unknown = clientOf('AKIANOBODY0000000000', 'x');
    await expect(new STSClient(unknown).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
    const guessed = new S3Client(clientOf(lake.access_key_id, 'guess'));
    await expect(guessed.send(new GetObjectCommand({ Bucket: bucket, Key: 'a' }))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
  });
});

describe('a role is assumed', () => {
  it('by whom it trusts, for what it may do', async () => {
    const trust = policy({
      Effect: 'Allow',
      Principal: { AWS: `${account}:user/e2e-assuming` },
      Action: 'sts:AssumeRole',
    });
    const user = await newUser('e2e-assuming', []);
    const RoleArn = await jobRole('e2e-assumed', [may('s3:GetObject', object('state/*'))], trust);
    const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'mine' });
    const { Credentials } = await new STSClient(user).send(assume);
    const session = clientOf(
      Credentials?.AccessKeyId ?? '',
      Credentials?.SecretAccessKey ?? '',
      Credentials?.SessionToken,
    );
    const { Arn } = await new STSClient(session).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:sts::${lake.account_id}:assumed-role/e2e-assumed/mine`);
    await expect(
      new S3Client(session).send(new GetObjectCommand({ Bucket: bucket, Key: 'raw-data/a' })),
    ).rejects.toThrow(`User: ${Arn} is not authorized to perform: s3:GetObject`);
    await expect(new STSClient(administrator).send(assume)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('with a token of an identity provider, by the claims that the trust asks for', async () => {
    const issuer = 'token.actions.githubusercontent.com';
    const { OpenIDConnectProviderArn: provider = '' } = await iam.send(
      new CreateOpenIDConnectProviderCommand({
        Url: `https://${issuer}`,
        ClientIDList: ['sts.amazonaws.com'],
        ThumbprintList: ['0'.repeat(40)],
      }),
    );
    // An account has one provider for an issuer: the next test may want to make it.
    onTestFinished(async () => {
      await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: provider }));
    });
    const trust = policy({
      Effect: 'Allow',
      Principal: { Federated: provider },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' },
        StringLike: { [`${issuer}:sub`]: 'repo:acme/lake:*' },
      },
    });
    const RoleArn = await jobRole('e2e-github', [], trust);
    const sts = new STSClient({ endpoint: lake.endpoint, region: lake.region });
    const assume = (claims: object) => {
      const body = {
        iss: `https://${issuer}`,
        aud: 'sts.amazonaws.com',
        exp: Date.now() / 1000 + 60,
        ...claims,
      };
      const WebIdentityToken = ['{}', JSON.stringify(body), 'x']
        .map((part) => Buffer.from(part).toString('base64url'))
        .join('.');
      return sts.send(
        new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'run', WebIdentityToken }),
      );
    };
    const { AssumedRoleUser } = await assume({ sub: 'repo:acme/lake:ref:refs/heads/main' });
    expect(AssumedRoleUser?.Arn).toContain('assumed-role/e2e-github/run');
    await expect(assume({ sub: 'repo:acme/lake-fork:ref:refs/heads/main' })).rejects.toThrow(
      'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    );
    await expect(assume({ sub: 'repo:acme/lake:x', aud: 'other' })).rejects.toThrow(
      'Incorrect token audience',
    );
    await expect(assume({ sub: 'repo:acme/lake:x', exp: 1 })).rejects.toMatchObject({
      name: 'ExpiredTokenException',
    });
  });
});

describe('a bucket’s policy', () => {
  it('denies whom it names, and leaves alone what its condition does not mean', async () => {
    const s3 = new S3Client(administrator);
    const user = await newUser('e2e-denied', [may('s3:*', '*')]);
    const deny = { Effect: 'Deny', Action: 's3:*', Resource: [`arn:aws:s3:::${bucket}`, object('*')] };
    const before = await s3
      .send(new GetBucketPolicyCommand({ Bucket: bucket }))
      .then(({ Policy }) => Policy)
      .catch(() => undefined);
    const Policy = policy(
      { ...deny, Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { ...deny, Principal: { AWS: `${account}:user/e2e-denied` } },
    );
    try {
      await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
      await putObject('state/e2e', 'x');
      await expect(
        new S3Client(user).send(new GetObjectCommand({ Bucket: bucket, Key: 'state/e2e' })),
      ).rejects.toThrow('with an explicit deny in a resource-based policy');
    } finally {
      if (before === undefined) await s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
      else await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: before }));
    }
    await new S3Client(user).send(new GetObjectCommand({ Bucket: bucket, Key: 'state/e2e' }));
  });
});
