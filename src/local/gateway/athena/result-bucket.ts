import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { LocalLake } from '../../lake.ts';
import { motoClient } from '../moto-client.ts';
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
  /** Whether nothing is stored below a place. */
  isEmpty(location: string): Promise<boolean>;
  /** Does nothing when the bucket is there. */
  createBucket(bucket: string): Promise<void>;
  copy(fromUrl: string, toUrl: string): Promise<void>;
  close(): void;
};

export function createResultBucket(
  lake: Pick<LocalLake, 'motoEndpoint' | 'region' | 'credentials'>,
): ResultBucket {
  const s3 = new S3Client({
    ...motoClient(lake),
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
    async isEmpty(location) {
      const { bucket, prefix } = resultPrefix(location);
      const listed = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 }));
      return (listed.KeyCount ?? 0) === 0;
    },
    async createBucket(bucket) {
      await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    },
    async copy(fromUrl, toUrl) {
      const [, from, source = ''] = LOCATION.exec(fromUrl) ?? [];
      const [, to, key] = LOCATION.exec(toUrl) ?? [];
      const CopySource = [from, ...source.split('/').map(encodeURIComponent)].join('/');
      await s3.send(new CopyObjectCommand({ Bucket: to, Key: key, CopySource }));
    },
    close: () => s3.destroy(),
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NotFound' || error.name === 'NoSuchBucket');
}
