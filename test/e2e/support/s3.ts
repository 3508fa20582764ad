import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
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
