import { z } from 'zod';
import type { LocalLake } from '../../lake.ts';

const TAGS = z.object({ Tags: z.array(z.object({ TagKey: z.string(), TagValue: z.string() })).default([]) });

/** The tags of a KMS key, named as a call names it; none for a key that there is not. */
export type KeyTags = (keyId: string) => Promise<Readonly<Record<string, string>>>;

/** The tags that moto keeps. Its whole client for KMS would be one more dependency for this one call. */
export function keyTagsOf({
  motoEndpoint,
  region,
  credentials,
}: Pick<LocalLake, 'motoEndpoint' | 'region' | 'credentials'>): KeyTags {
  const scope = `${credentials.accessKeyId}/20200101/${region}/kms/aws4_request`;
  return async (KeyId) => {
    const answer = await fetch(motoEndpoint, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': 'TrentService.ListResourceTags',
        Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
      },
      body: JSON.stringify({ KeyId }),
    });
    if (!answer.ok) return {};
    const { Tags } = TAGS.parse(await answer.json());
    return Object.fromEntries(Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]));
  };
}
