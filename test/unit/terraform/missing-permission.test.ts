import { describe, expect, it } from 'vitest';
import { TerraformError } from '../../../src/terraform/errors.ts';
import { missingPermission } from '../../../src/terraform/missing-permission.ts';

const CALLER = 'User: arn:aws:sts::123456789012:assumed-role/plan/me';

describe('a permission that the caller lacks', () => {
  it('is named with the resource that AWS named', () => {
    const said = `creating Glue Job: operation error Glue: CreateJob, https response error StatusCode: 400, api error AccessDeniedException: ${CALLER} is not authorized to perform: glue:CreateJob on resource: arn:aws:glue:us-east-1:123456789012:job/verify-views because no identity-based policy allows the glue:CreateJob action`;
    expect(missingPermission(said)).toEqual({
      actions: ['glue:CreateJob'],
      resources: ['arn:aws:glue:us-east-1:123456789012:job/verify-views'],
    });
  });

  it('is found in lines that were broken, and several of them become one statement', () => {
    const said = `│ ${CALLER} is not authorized\n│ to perform: iam:CreateRole on resource: arn:aws:iam::123456789012:role/a because no\n│ permissions\n${CALLER} is not authorized to perform: sns:CreateTopic on resource: arn:aws:sns:us-east-1:123456789012:t`;
    expect(missingPermission(said)).toEqual({
      actions: ['iam:CreateRole', 'sns:CreateTopic'],
      resources: ['arn:aws:iam::123456789012:role/a', 'arn:aws:sns:us-east-1:123456789012:t'],
    });
  });

  it('has every resource where AWS names none', () => {
    expect(missingPermission(`${CALLER} is not authorized to perform: glue:GetDatabases`)).toEqual({
      actions: ['glue:GetDatabases'],
      resources: ['*'],
    });
  });

  it('is told from the operation where S3 says no more than Access Denied', () => {
    const said =
      'Error: creating S3 Bucket (my-lake) Lifecycle Configuration: operation error S3: PutBucketLifecycleConfiguration, https response error StatusCode: 403, RequestID: x, HostID: y, api error AccessDenied: Access Denied';
    expect(missingPermission(said)).toEqual({
      actions: ['s3:PutLifecycleConfiguration'],
      resources: ['arn:aws:s3:::my-lake'],
    });
  });

  it('is none where a statement denies: nothing that is added would help', () => {
    const said = `${CALLER} is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::b" with an explicit deny in a service control policy`;
    expect(missingPermission(said)).toBeUndefined();
    expect(
      String(new TerraformError({ command: 'apply', status: '1', directory: '/d', output: said })),
    ).toMatch(/why: {2}a policy denies it/);
  });

  it('ends as the statement to add', () => {
    const output = `Error: ${CALLER} is not authorized to perform: athena:CreateWorkGroup on resource: arn:aws:athena:us-east-1:123456789012:workgroup/mydatahub because no identity-based policy allows the athena:CreateWorkGroup action`;
    const error = new TerraformError({ command: 'apply', status: '1', directory: '/d', output });
    expect(error.message).toContain(
      'cure: give the caller this statement, then run the command again: {"Effect":"Allow","Action":"athena:CreateWorkGroup","Resource":"arn:aws:athena:us-east-1:123456789012:workgroup/mydatahub"} (',
    );
  });
});
