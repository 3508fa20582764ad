import { CopyObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { LakeFile } from '../../../src/local/lakes.ts';

/** Lets the workspace dev have the state of the lake that Terraform has made: the lake is that environment's then. */
export async function adoptState(lake: LakeFile): Promise<void> {
  const client = new S3Client({
    endpoint: lake.endpoint,
    region: lake.region,
    forcePathStyle: true,
    credentials: { accessKeyId: lake.access_key_id, secretAccessKey: lake.secret_access_key },
  });
  const bucket = `mydatahub-state-${lake.name}`;
  try {
    await client.send(
      new CopyObjectCommand({
        Bucket: bucket,
        CopySource: `${bucket}/lake.tfstate`,
        Key: 'env:/dev/lake.tfstate',
      }),
    );
  } finally {
    client.destroy();
  }
}
