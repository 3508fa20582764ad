import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListPartsCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type Condition, conditional, otherWriterFirst } from './condition.ts';
import { awsErrorName } from './connection.ts';
import type { Put, PutOptions } from './s3.ts';

/** A multipart upload that was begun and neither completed nor given up. `begun` is milliseconds since 1970. */
export type OpenUpload = { readonly key: string; readonly id: string; readonly begun: number };
/** A part that has arrived. `sha256` is base64, as S3 has verified it; `null` when it was sent without. */
export type StoredPart = {
  readonly number: number;
  readonly etag: string;
  readonly size: number;
  readonly sha256: string | null;
  /** Milliseconds since 1970. */
  readonly arrived: number;
};

/** Multipart uploads of one bucket, step by step, so that one process can go on where another has ended. */
export type Multipart = {
  /** Those under a prefix. */
  open(prefix: string): Promise<OpenUpload[]>;
  /** `undefined` when somebody has completed the upload or given it up. */
  parts(upload: OpenUpload): Promise<StoredPart[] | undefined>;
  begin(key: string, options?: PutOptions): Promise<OpenUpload>;
  /** `sha256` (base64) is what S3 refuses other content by. `undefined` when the upload is gone. */
  send(
    upload: OpenUpload,
    number: number,
    body: Buffer,
    sha256: string,
  ): Promise<Pick<StoredPart, 'number' | 'etag' | 'sha256'> | undefined>;
  /** `gone`: somebody has completed the upload, given it up or sent other parts; `other-writer`: the condition does not hold. */
  complete(
    upload: OpenUpload,
    parts: readonly Pick<StoredPart, 'number' | 'etag' | 'sha256'>[],
    condition: Condition | undefined,
  ): Promise<Put | 'gone' | 'other-writer'>;
  /** No error when the upload is gone. */
  giveUp(upload: OpenUpload): Promise<void>;
};

export function multipartOf(client: S3Client, Bucket: string): Multipart {
  return {
    async open(Prefix) {
      const uploads: OpenUpload[] = [];
      let next: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
      while (next !== undefined) {
        const page: ListMultipartUploadsCommandOutput = await client.send(
          new ListMultipartUploadsCommand({ Bucket, Prefix, ...next }),
        );
        for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
          if (Key === undefined || UploadId === undefined) continue;
          uploads.push({ key: Key, id: UploadId, begun: Initiated?.getTime() ?? 0 });
        }
        next = page.IsTruncated
          ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
          : undefined;
      }
      return uploads;
    },
    parts: ({ key: Key, id: UploadId }) =>
      orGone(async () => {
        const parts: StoredPart[] = [];
        let PartNumberMarker: string | undefined;
        do {
          const page = await client.send(new ListPartsCommand({ Bucket, Key, UploadId, PartNumberMarker }));
          for (const { PartNumber, ETag, Size, ChecksumSHA256, LastModified } of page.Parts ?? []) {
            const sha256 = ChecksumSHA256 ?? null;
            const arrived = LastModified?.getTime() ?? 0;
            parts.push({ number: PartNumber ?? 0, etag: ETag ?? '', size: Size ?? 0, sha256, arrived });
          }
          PartNumberMarker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
        } while (PartNumberMarker !== undefined);
        return parts;
      }),
    async begin(Key, { type, metadata } = {}) {
      const { UploadId } = await client.send(
        new CreateMultipartUploadCommand({
          Bucket,
          Key,
          ContentType: type,
          Metadata: metadata,
          ChecksumAlgorithm: 'SHA256',
        }),
      );
      return { key: Key, id: UploadId ?? '', begun: Date.now() };
    },
    send: ({ key: Key, id: UploadId }, PartNumber, Body, ChecksumSHA256) =>
      orGone(async () => {
        const answer = await client.send(
          new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ChecksumSHA256 }),
        );
        return { number: PartNumber, etag: answer.ETag ?? '', sha256: ChecksumSHA256 };
      }),
    async complete({ key: Key, id: UploadId }, parts, condition) {
      const Parts = parts.map(({ number, etag, sha256 }) => ({
        PartNumber: number,
        ETag: etag,
        ChecksumSHA256: sha256 ?? undefined,
      }));
      const only = condition === undefined ? {} : conditional(condition);
      const upload = { Bucket, Key, UploadId, MultipartUpload: { Parts }, ...only };
      try {
        const answer = await orGone(() => client.send(new CompleteMultipartUploadCommand(upload)));
        return answer === undefined
          ? 'gone'
          : { etag: answer.ETag ?? '', versionId: answer.VersionId ?? null };
      } catch (error) {
        if (otherWriterFirst(error)) return 'other-writer';
        throw error;
      }
    },
    async giveUp({ key: Key, id: UploadId }) {
      await orGone(() => client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })));
    },
  };
}

async function orGone<T>(send: () => Promise<T>): Promise<T | undefined> {
  try {
    return await send();
  } catch (error) {
    const name = awsErrorName(error);
    if (name === 'NoSuchUpload' || name === 'InvalidPart') return undefined;
    throw error;
  }
}
