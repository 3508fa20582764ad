import { AwsError } from '../protocol.ts';

export type AthenaErrorCode =
  | 'INVALID_INPUT'
  | 'MALFORMED_QUERY'
  | 'DATACATALOG_NOT_FOUND'
  | 'IDEMPOTENT_PARAMETER_MISMATCH'
  | 'QUERY_EXECUTION_NOT_FOUND'
  | 'INVALID_QUERY_EXECUTION_STATE'
  | 'RESULT_NOT_FOUND'
  | 'NAMED_QUERY_NOT_FOUND'
  | 'PREPARED_STATEMENT_NOT_FOUND';

/** An InvalidRequestException; Athena sends its code twice and its message as `Message`. */
export function refusal(code: AthenaErrorCode, message: string): AwsError {
  return new AwsError('InvalidRequestException', message, {
    members: { Message: message, AthenaErrorCode: code, ErrorCode: code },
  });
}

/** The refusal of one or more members that break a constraint. */
export function validationRefusal(violations: readonly string[]): AwsError {
  const many = violations.length === 1 ? 'error' : 'errors';
  return refusal(
    'INVALID_INPUT',
    `${violations.length} validation ${many} detected: ${violations.join('; ')}`,
  );
}

/** A text that Athena's parser does not accept. */
export function malformed(message: string): AwsError {
  return refusal('MALFORMED_QUERY', message);
}

/** The metadata operations' refusal of a database or table that is not there. */
export function metadataRefusal(requestId: string): AwsError {
  const message = entityNotFound(requestId);
  return new AwsError('MetadataException', message, { members: { Message: message } });
}

/** The text with which Athena passes on Glue's EntityNotFoundException. */
export function entityNotFound(requestId: string): string {
  return `Entity Not Found (Service: AmazonDataCatalog; Status Code: 400; Error Code: EntityNotFoundException; Request ID: ${requestId}; Proxy: null)`;
}

export function tooManyQueries(): AwsError {
  const message =
    'You have exceeded the limit for the number of queries you can run concurrently. Please reduce the number of concurrent queries submitted by this account. Contact customer support to request a concurrent query limit increase.';
  return new AwsError('TooManyRequestsException', message, {
    members: { Message: message, Reason: 'CONCURRENT_QUERY_LIMIT_EXCEEDED' },
  });
}
