import { type Policy, parsePolicy } from '../policy/document.ts';
import { UnmodelledPolicy } from '../policy/unmodelled-policy.ts';
import { AwsError } from '../protocol.ts';

/**
 * The policies of buckets. moto does not see them: it would deny whatever a `Deny` with a condition is about, its
 * condition or not.
 */
export type BucketPolicies = {
  of(bucket: string): Policy | undefined;
  /** The document as it was put. Throws NoSuchBucketPolicy. */
  text(bucket: string): string;
  /** Throws MalformedPolicy. */
  put(bucket: string, document: string): void;
  /** Does nothing when there is none. */
  remove(bucket: string): void;
};

const LARGEST = 20 * 1024;

export function createBucketPolicies(): BucketPolicies {
  const documents = new Map<string, string>();
  return {
    of(bucket) {
      const document = documents.get(bucket);
      return document === undefined ? undefined : parsePolicy(document);
    },
    text(bucket) {
      const document = documents.get(bucket);
      if (document !== undefined) return document;
      throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', {
        status: 404,
        members: { BucketName: bucket },
      });
    },
    put(bucket, document) {
      verify(bucket, document);
      documents.set(bucket, document);
    },
    remove: (bucket) => void documents.delete(bucket),
  };
}

function verify(bucket: string, document: string): void {
  if (document.length > LARGEST) throw malformed('Policies must not exceed 20 KB in size');
  for (const { principals, resources } of parsed(document).statements) {
    if (principals === undefined) throw malformed('Missing required field Principal');
    if (resources === undefined) throw malformed('Missing required field Resource');
    const foreign = resources.patterns.find((pattern) => !isOf(bucket, pattern));
    if (foreign !== undefined) throw malformed('Policy has invalid resource');
  }
}

function parsed(document: string): Policy {
  try {
    return parsePolicy(document);
  } catch (error) {
    if (!(error instanceof UnmodelledPolicy)) throw error;
    throw malformed(
      `This policy contains invalid Json, or what the local lake cannot judge: ${error.message}`,
    );
  }
}

function isOf(bucket: string, pattern: string): boolean {
  const name = /^arn:aws:s3:::([^/]+)/.exec(pattern)?.[1];
  return name === bucket || (name?.endsWith('*') === true && bucket.startsWith(name.slice(0, -1)));
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicy', message, { status: 400 });
}
