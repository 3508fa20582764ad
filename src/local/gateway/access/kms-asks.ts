import { isJsonObject } from '../input.ts';
import type { JsonObject } from '../protocol.ts';
import { type Ask, arnOf, NO_RESOURCE, type Place, requestTags } from './ask.ts';
import type { KeyTags } from './key-tags.ts';

/**
 * The permission of a call of KMS: on its key, with the key's tags. Aliases are not modelled, so a policy that names keys
 * cannot be judged for them. Source: "Actions, resources, and condition keys for AWS KMS", service authorization
 * reference.
 */
export async function kmsAsks(
  operation: string,
  input: JsonObject,
  place: Place,
  keyTags: KeyTags,
): Promise<readonly Ask[]> {
  const action = `kms:${operation}`;
  const values = requestTags(tagsIn(input));
  const key = typeof input.KeyId === 'string' ? input.KeyId : undefined;
  if (key === undefined) {
    const about = /^(List|CreateKey)/.test(operation) ? NO_RESOURCE : undefined;
    return [{ action, resources: about, values }];
  }
  if (/(^|:)alias\//.test(key)) return [{ action, resources: undefined, values }];
  const tags = await keyTags(key);
  const ofKey = Object.entries(tags).map(([name, value]) => [`aws:ResourceTag/${name}`, value] as const);
  return [
    {
      action,
      resources: [key.startsWith('arn:') ? key : arnOf(place, 'kms', `key/${key}`)],
      values: { ...values, 'aws:ResourceTag/*': undefined, ...Object.fromEntries(ofKey) },
    },
  ];
}

function tagsIn(input: JsonObject): Record<string, string> {
  const tags = Array.isArray(input.Tags) ? input.Tags.filter(isJsonObject) : [];
  return Object.fromEntries(tags.map(({ TagKey, TagValue }) => [String(TagKey), String(TagValue)]));
}
