import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Ask } from '../../../src/local/gateway/access/ask.ts';
import { athenaAsks } from '../../../src/local/gateway/access/athena-asks.ts';
import { glueAsks } from '../../../src/local/gateway/access/glue-asks.ts';
import { iamAsks } from '../../../src/local/gateway/access/iam-asks.ts';
import { kmsAsks } from '../../../src/local/gateway/access/kms-asks.ts';
import { jsonMembers, otherAsks } from '../../../src/local/gateway/access/other-asks.ts';
import { s3Address } from '../../../src/local/gateway/access/s3-address.ts';
import { s3Asks } from '../../../src/local/gateway/access/s3-asks.ts';
import { requestContext } from '../../../src/local/gateway/policy/context.ts';
import type { JsonObject } from '../../../src/local/gateway/protocol.ts';

const PLACE = { region: 'us-east-1', accountId: '123456789012' };
const ROLE = 'arn:aws:iam::123456789012:role/mydatahub/r';

/** `action resource resource …`, with the account's own parts of ARNs left out. */
const texts = (asks: readonly Ask[]) =>
  asks.map(({ action, resources = ['unknown'] }) =>
    [action, ...resources.map((arn) => arn.replace(/^arn:aws:[a-z0-9-]+:[a-z0-9-]*:\d*:/, ''))].join(' '),
  );

function s3(method: string, url: string, headers: Record<string, string> = {}): string[] {
  const request = new IncomingMessage(new Socket());
  Object.assign(request, { method, url, headers: { host: '127.0.0.1:80', ...headers } });
  return texts(s3Asks(request, s3Address(request)));
}

describe('a request to S3 needs', () => {
  it.each<[string, string, string[]]>([
    ['GET', '/', ['s3:ListAllMyBuckets *']],
    ['GET', '/lake?list-type=2&prefix=raw%2F', ['s3:ListBucket lake']],
    ['HEAD', '/lake', ['s3:ListBucket lake']],
    ['GET', '/lake?versions', ['s3:ListBucketVersions lake']],
    ['GET', '/lake?uploads', ['s3:ListBucketMultipartUploads lake']],
    ['GET', '/lake?location', ['s3:GetBucketLocation lake']],
    ['PUT', '/lake', ['s3:CreateBucket lake']],
    ['DELETE', '/lake', ['s3:DeleteBucket lake']],
    ['PUT', '/lake?encryption', ['s3:PutEncryptionConfiguration lake']],
    ['DELETE', '/lake?lifecycle', ['s3:PutLifecycleConfiguration lake']],
    ['DELETE', '/lake?policy', ['s3:DeleteBucketPolicy lake']],
    ['GET', '/lake/raw/a%20b.csv', ['s3:GetObject lake/raw/a b.csv']],
    ['HEAD', '/lake/a', ['s3:GetObject lake/a']],
    ['GET', '/lake/a?versionId=1', ['s3:GetObjectVersion lake/a']],
    ['GET', '/lake/a?tagging', ['s3:GetObjectTagging lake/a']],
    ['GET', '/lake/a?tagging&versionId=1', ['s3:GetObjectVersionTagging lake/a']],
    ['PUT', '/lake/a', ['s3:PutObject lake/a']],
    ['PUT', '/lake/a?partNumber=1&uploadId=u', ['s3:PutObject lake/a']],
    ['POST', '/lake/a?uploads', ['s3:PutObject lake/a']],
    ['POST', '/lake/a?uploadId=u', ['s3:PutObject lake/a']],
    ['DELETE', '/lake/a?uploadId=u', ['s3:AbortMultipartUpload lake/a']],
    ['GET', '/lake/a?uploadId=u', ['s3:ListMultipartUploadParts lake/a']],
    ['DELETE', '/lake/a', ['s3:DeleteObject lake/a']],
    ['DELETE', '/lake/a?versionId=1', ['s3:DeleteObjectVersion lake/a']],
  ])('%s %s', (method, url, expected) => expect(s3(method, url)).toEqual(expected));

  it('the source of a copy too, and the tags that it brings', () => {
    expect(s3('PUT', '/lake/b', { 'x-amz-copy-source': '/other/a%2Fx?versionId=7' })).toEqual([
      's3:PutObject lake/b',
      's3:GetObjectVersion other/a/x',
    ]);
    expect(s3('PUT', '/lake/b', { 'x-amz-tagging': 'a=b' })).toEqual([
      's3:PutObject lake/b',
      's3:PutObjectTagging lake/b',
    ]);
  });

  it('to be what it looks like: no form of a browser, no bucket in the host, no empty bucket', () => {
    expect(() => s3('POST', '/lake')).toThrow('does not model POST');
    expect(() => s3('GET', '/a', { host: 'lake.s3.amazonaws.com' })).toThrow('path style only');
    expect(() => s3('GET', '//lake/a')).toThrow('bucket is not valid');
  });
});

describe('a Glue call needs', () => {
  it.each<[string, JsonObject, string[]]>([
    ['GetDatabases', {}, ['glue:GetDatabases catalog']],
    ['GetTable', { DatabaseName: 'Db', Name: 'T' }, ['glue:GetTable catalog database/db table/db/t']],
    ['GetTables', { DatabaseName: 'db' }, ['glue:GetTables catalog database/db']],
    [
      'GetTableVersions',
      { DatabaseName: 'db', TableName: 't' },
      ['glue:GetTableVersions catalog database/db table/db/t'],
    ],
    [
      'GetPartitions',
      { DatabaseName: 'db', TableName: 't' },
      ['glue:GetPartitions catalog database/db table/db/t'],
    ],
    [
      'CreateTable',
      { DatabaseName: 'db', TableInput: { Name: 't' } },
      ['glue:CreateTable catalog database/db table/db/t'],
    ],
    [
      'UpdateTable',
      { DatabaseName: 'db', TableInput: { Name: 'v', ViewDefinition: { Definer: ROLE } } },
      ['glue:UpdateTable catalog database/db table/db/v', 'iam:PassRole role/mydatahub/r'],
    ],
    ['StartJobRun', { JobName: 'j' }, ['glue:StartJobRun job/j']],
    ['GetJobs', {}, ['glue:GetJobs job/*']],
    ['CreateJob', { Name: 'j', Role: ROLE }, ['glue:CreateJob job/j', 'iam:PassRole role/mydatahub/r']],
    ['StartWorkflowRun', { Name: 'w' }, ['glue:StartWorkflowRun workflow/w']],
    ['RunStatement', { SessionId: 's' }, ['glue:RunStatement session/s']],
    ['TagResource', { ResourceArn: 'arn:aws:glue:us-east-1:123456789012:job/j' }, ['glue:TagResource job/j']],
    ['CreateBlueprint', {}, ['glue:CreateBlueprint unknown']],
  ])('%s', (operation, input, expected) => {
    expect(texts(glueAsks(operation, input, PLACE))).toEqual(expected);
  });
});

describe('an Athena call needs', () => {
  const owners = { workGroupOfQuery: () => 'lake', workGroupOfNamedQuery: () => undefined };
  it.each<[string, JsonObject, string]>([
    ['StartQueryExecution', { WorkGroup: 'lake' }, 'athena:StartQueryExecution workgroup/lake'],
    ['StartQueryExecution', {}, 'athena:StartQueryExecution workgroup/primary'],
    ['GetQueryResults', { QueryExecutionId: 'q' }, 'athena:GetQueryResults workgroup/lake'],
    [
      'BatchGetQueryExecution',
      { QueryExecutionIds: ['q', 'r'] },
      'athena:BatchGetQueryExecution workgroup/lake',
    ],
    ['DeleteNamedQuery', { NamedQueryId: 'n' }, 'athena:DeleteNamedQuery workgroup/primary'],
    [
      'GetTableMetadata',
      { CatalogName: 'AwsDataCatalog' },
      'athena:GetTableMetadata datacatalog/AwsDataCatalog',
    ],
    ['ListWorkGroups', {}, 'athena:ListWorkGroups *'],
    ['StartSession', {}, 'athena:StartSession unknown'],
  ])('%s %o', (operation, input, expected) => {
    expect(texts(athenaAsks(operation, input, PLACE, owners))).toEqual([expected]);
  });
});

describe('a call of IAM needs', () => {
  const account = {
    roleByName: async () => ({
      arn: ROLE,
      id: 'AROA',
      trust: { statements: [] },
      boundaryArn: 'arn:boundary',
    }),
    arnOf: async () => undefined,
  };
  const asks = (operation: string, form: Record<string, string>) =>
    iamAsks(operation, new URLSearchParams(form), PLACE, account);

  it('the role with its path: of the call when it is new, else as IAM has it', async () => {
    expect(texts(await asks('CreateRole', { RoleName: 'n', Path: '/mydatahub/' }))).toEqual([
      'iam:CreateRole role/mydatahub/n',
    ]);
    expect(texts(await asks('PutRolePolicy', { RoleName: 'r' }))).toEqual([
      'iam:PutRolePolicy role/mydatahub/r',
    ]);
  });

  it('its boundary and its policy to be known to conditions', async () => {
    const [created] = await asks('CreateRole', { RoleName: 'n', PermissionsBoundary: 'arn:b' });
    expect(created?.values).toMatchObject({ 'iam:PermissionsBoundary': 'arn:b' });
    const [attached] = await asks('AttachRolePolicy', { RoleName: 'r', PolicyArn: 'arn:p' });
    expect(attached?.values).toMatchObject({
      'iam:PermissionsBoundary': 'arn:boundary',
      'iam:PolicyARN': 'arn:p',
    });
  });

  it('to be modelled: a boundary of a user would be forgotten', async () => {
    await expect(asks('CreateUser', { UserName: 'u', PermissionsBoundary: 'arn:b' })).rejects.toThrow(
      'does not model permissions boundaries of users',
    );
  });
});

describe('a call of KMS needs', () => {
  const asks = (operation: string, input: JsonObject) =>
    kmsAsks(operation, input, PLACE, async (key) => (key.includes('tagged') ? { Project: 'p' } : {}));

  it.each<[string, JsonObject, string[]]>([
    ['CreateKey', {}, ['kms:CreateKey *']],
    ['EnableKeyRotation', { KeyId: 'k' }, ['kms:EnableKeyRotation key/k']],
    ['Decrypt', { KeyId: 'arn:aws:kms:us-east-1:123456789012:key/k' }, ['kms:Decrypt key/k']],
    ['Decrypt', { KeyId: 'alias/a' }, ['kms:Decrypt unknown']],
  ])('the permission on its key: %s %j', async (operation, input, expected) => {
    expect(texts(await asks(operation, input))).toEqual(expected);
  });

  it('its key to be known by its tags, and the tags that it brings', async () => {
    const [tagged] = await asks('TagResource', { KeyId: 'tagged', Tags: [{ TagKey: 'A', TagValue: 'b' }] });
    const context = requestContext('kms', tagged?.values ?? {});
    expect(context.get('aws:ResourceTag/Project')).toEqual(['p']);
    expect(context.get('aws:ResourceTag/Other')).toBeUndefined();
    expect(context.get('aws:RequestTag/A')).toEqual(['b']);
  });
});

describe('a call of a service that moto keeps needs', () => {
  const asks = (service: string, operation: string, input: JsonObject) =>
    texts(otherAsks(service, operation, jsonMembers(input), input, PLACE));
  it.each<[string, string, JsonObject, string[]]>([
    ['logs', 'CreateLogGroup', { logGroupName: '/g' }, ['logs:CreateLogGroup log-group:/g:log-stream:']],
    [
      'logs',
      'PutLogEvents',
      { logGroupName: '/g', logStreamName: 's' },
      ['logs:PutLogEvents log-group:/g:log-stream:s'],
    ],
    ['logs', 'DescribeLogGroups', {}, ['logs:DescribeLogGroups log-group:*']],
    [
      'lakeformation',
      'RegisterResource',
      { RoleArn: ROLE },
      ['lakeformation:RegisterResource *', 'iam:PassRole role/mydatahub/r'],
    ],
    ['lakeformation', 'GetDataAccess', {}, ['lakeformation:GetDataAccess *']],
    ['sns', 'CreateTopic', { Name: 't' }, ['sns:CreateTopic t']],
    ['cloudwatch', 'PutMetricAlarm', { AlarmName: 'a' }, ['cloudwatch:PutMetricAlarm alarm:a']],
    [
      'events',
      'PutTargets',
      { Rule: 'r', Targets: [{ RoleArn: ROLE }] },
      ['events:PutTargets rule/r', 'iam:PassRole role/mydatahub/r'],
    ],
    ['budgets', 'ViewBudget', { BudgetName: 'b' }, ['budgets:ViewBudget budget/b']],
    ['ssm', 'GetParameter', { Name: 'p' }, ['ssm:GetParameter unknown']],
  ])('%s:%s', (service, operation, input, expected) => {
    expect(asks(service, operation, input)).toEqual(expected);
  });
});
