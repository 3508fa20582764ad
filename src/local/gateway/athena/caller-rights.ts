import type { Access } from '../access/access.ts';
import { bucketArn, objectArn } from '../access/s3-address.ts';
import { s3Ask } from '../access/s3-asks.ts';
import type { Caller } from '../protocol.ts';
import type { Run } from './engine-run.ts';
import type { Execution } from './execution.ts';
import { ExecutionFailure } from './failure.ts';
import { refusal } from './refusal.ts';

/** What Athena does in S3 for a query it does as whoever asked for it. Words: Athena's own. */
export type CallerRights = {
  /** Throws InvalidRequestException when the caller may not see the bucket of the results. */
  verifyBucket(caller: Caller, bucket: string): Promise<void>;
  /** The work, which fails when the caller may not write the results. */
  writing(caller: Caller, execution: Execution, run: Run): Run;
  /** Throws InvalidRequestException when the caller may not read the results. */
  requireResults(caller: Caller, execution: Execution): Promise<void>;
};

/** Source of the messages: AWS re:Post, "Athena access denied"; troubleshooting page of Athena. */
export function createCallerRights(access: Pick<Access, 'decide'>): CallerRights {
  return {
    async verifyBucket(caller, bucket) {
      const ask = s3Ask('GetBucketLocation', bucketArn(bucket));
      if ((await access.decide(caller, ask)) === undefined) return;
      throw refusal('INVALID_INPUT', `Unable to verify/create output bucket ${bucket}`);
    },
    writing: (caller, execution, run) => async (running) => {
      const ask = s3Ask('PutObject', arnOf(execution.outputLocation));
      if ((await access.decide(caller, ask)) === undefined) return run(running);
      const reason =
        `Access denied when writing output to url: ${execution.outputLocation} . Please ensure you are allowed to ` +
        'access the S3 bucket. If you are encrypting query results with KMS key, please ensure you are allowed to access ' +
        'your KMS key';
      throw new ExecutionFailure({ reason, category: 2, type: 1501, message: reason });
    },
    async requireResults(caller, execution) {
      const ask = s3Ask('GetObject', arnOf(execution.outputLocation));
      if ((await access.decide(caller, ask)) === undefined) return;
      throw refusal(
        'INVALID_INPUT',
        'You do not seem to have access to the S3 location of your query results. Please confirm your account has ' +
          'access to the S3 location where your query results are saved and try again. If specifying an expected bucket ' +
          'owner, confirm the bucket is owned by the expected account. If you are using KMS to encrypt query results, ' +
          'please ensure you have permission to access your KMS key. If you continue to see the issue, contact customer ' +
          'support for further assistance.',
      );
    },
  };
}

function arnOf(url: string): string {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(url) ?? [];
  return objectArn(bucket, key);
}
