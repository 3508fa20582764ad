import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { sharedLake } from './lake.ts';

function client(): S3Client {
  const lake = sharedLake();
  return new S3Client({
    endpoint: lake.endpoint,
    region: lake.region,
    forcePathStyle: true,
    credentials: { accessKeyId: lake.access_key_id, secretAccessKey: lake.secret_access_key },
  });
}

/** An object of the shared lake's bucket, as text. */
export async function objectText(key: string): Promise<string> {
  const { Body } = await client().send(new GetObjectCommand({ Bucket: sharedLake().bucket, Key: key }));
  return (await Body?.transformToString()) ?? '';
}

/** Puts an object the way `aws s3 cp` does: past the toolkit. */
export async function putObject(key: string, text: string): Promise<void> {
  await client().send(new PutObjectCommand({ Bucket: sharedLake().bucket, Key: key, Body: text }));
}

/** Remembers an object as it is; the answer takes away all that was put over it, with its type and tags as they were. */
export async function remember(Key: string): Promise<() => Promise<void>> {
  const Bucket = sharedLake().bucket;
  const { VersionId } = await client().send(new HeadObjectCommand({ Bucket, Key }));
  return async () => {
    const { Versions } = await client().send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    const newest = Versions?.findIndex((version) => version.VersionId === VersionId) ?? -1;
    if (newest < 0) throw new Error(`${Key}: version ${VersionId} is gone`);
    for (const version of Versions?.slice(0, newest) ?? []) {
      await client().send(new DeleteObjectCommand({ Bucket, Key, VersionId: version.VersionId }));
    }
  };
}
