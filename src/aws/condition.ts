import { awsErrorName, awsStatus } from './connection.ts';

/** Only write if the object is still the one read (its ETag), or still absent. */
export type Condition = { readonly ifMatch: string } | 'if-absent';

/** The members of a writing request of S3 that carry a condition. */
export function conditional(condition: Condition): { IfNoneMatch: string } | { IfMatch: string } {
  return condition === 'if-absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.ifMatch };
}

/**
 * 412: the condition does not hold; 409: another conditional write of the same key is under way; 404: the object that
 * was read is gone (S3 User Guide, conditional writes).
 */
export function otherWriterFirst(error: unknown): boolean {
  const status = awsStatus(error);
  return status === 412 || status === 409 || (status === 404 && awsErrorName(error) === 'NoSuchKey');
}
