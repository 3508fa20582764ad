import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { GetObjectCommand, HeadBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AwsError } from '../protocol.ts';
import { refusal } from './refusal.ts';

const LOCATION = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s;

/** A place for results: bucket, and key prefix that is empty or ends in a slash. */
export type ResultPrefix = { readonly bucket: string; readonly prefix: string };

/** Reads an output location. Throws InvalidRequestException where it is not one. */
export function resultPrefix(location: string): ResultPrefix {
  const [, bucket, path = ''] = LOCATION.exec(location) ?? [];
  if (bucket === undefined) throw refusal('INVALID_INPUT', 'outputLocation is not a valid S3 path.');
  return { bucket, prefix: path === '' || path.endsWith('/') ? path : `${path}/` };
}

export function prefixUrl({ bucket, prefix }: ResultPrefix): string {
  return `s3://${bucket}/${prefix}`;
}

/** Writes result objects, straight to the lake's S3. */
export type ResultBucket = {
  /** Throws InvalidRequestException when the bucket is not there. */
  verify(bucket: string): Promise<void>;
  put(url: string, body: { readonly path: string } | { readonly text: string }, type: string): Promise<void>;
  /** The text of an object. */
  read(url: string): Promise<string>;
  close(): void;
};

export function createResultBucket(options: {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}): ResultBucket {
  const s3 = new S3Client({
    endpoint: options.endpoint,
    region: options.region,
    credentials: options.credentials,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return {
    async verify(bucket) {
      try {
        await s3.send(new HeadBucketCommand({ Bucket: bucket }));
      } catch (error) {
        if (isMissing(error)) {
          throw refusal('INVALID_INPUT', `Unable to verify/create output bucket ${bucket}`);
        }
        throw new AwsError('InternalServerException', `The result bucket ${bucket}: ${String(error)}`);
      }
    },
    async put(url, body, type) {
      const [, bucket, key] = LOCATION.exec(url) ?? [];
      const content =
        'text' in body
          ? { Body: Buffer.from(body.text) }
          : { Body: createReadStream(body.path), ContentLength: (await stat(body.path)).size };
      await s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          ContentType: type,
          ServerSideEncryption: 'AES256',
          ...content,
        }),
      );
    },
    async read(url) {
      const [, bucket, key] = LOCATION.exec(url.replace(/^s3a:/, 's3:')) ?? [];
      const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await object.Body?.transformToString()) ?? '';
    },
    close: () => s3.destroy(),
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NotFound' || error.name === 'NoSuchBucket');
}
