import type { IncomingMessage } from 'node:http';
import { AwsError } from '../protocol.ts';

/** What a request to S3 is about. `key` is empty for a bucket, both are for the account. */
export type S3Address = {
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
};

const PATH_STYLE_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Reads an address in path style (`/bucket/key`). Throws NotImplemented for one that names the bucket in the host: a
 * bucket that is read in two ways would be guarded in one.
 */
export function s3Address(request: Pick<IncomingMessage, 'url' | 'headers'>): S3Address {
  const host = request.headers.host ?? '';
  if (!PATH_STYLE_HOST.test(host)) {
    throw new AwsError(
      'NotImplemented',
      `The local lake reads addresses of S3 in path style only, and the host of this one is ${host}. ` +
        'Set forcePathStyle (addressing_style "path", s3_use_path_style), or use the endpoint 127.0.0.1.',
      { status: 501 },
    );
  }
  const [path = '/', ...rest] = (request.url ?? '/').split('?');
  const [bucket = '', ...key] = path.slice(1).split('/');
  if (bucket === '' && key.length > 0) {
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', { status: 400 });
  }
  try {
    return {
      bucket: decodeURIComponent(bucket),
      key: decodeURIComponent(key.join('/')),
      query: new URLSearchParams(rest.join('?')),
    };
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", { status: 400 });
  }
}

export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

export function objectArn(bucket: string, key: string): string {
  return `arn:aws:s3:::${bucket}/${key}`;
}
