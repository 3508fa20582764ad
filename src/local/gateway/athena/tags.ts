import { isJsonObject } from '../input.ts';
import type { JsonObject, Operations } from '../protocol.ts';
import { optionalList, text, texts } from './members.ts';
import { page } from './page.ts';

/** Tags of workgroups and data catalogs, by ARN. */
export type AthenaTags = ReturnType<typeof createAthenaTags>;

export function createAthenaTags(region: string, accountId: string) {
  const all = new Map<string, Map<string, string>>();

  function put(arn: string, input: JsonObject): void {
    const tags = all.get(arn) ?? new Map<string, string>();
    for (const tag of optionalList(input, 'Tags') ?? []) {
      if (isJsonObject(tag)) tags.set(text(tag, 'Key'), text(tag, 'Value'));
    }
    all.set(arn, tags);
  }

  const operations: Operations = {
    TagResource(input) {
      put(text(input, 'ResourceARN'), input);
      return {};
    },
    UntagResource(input) {
      for (const key of texts(input, 'TagKeys')) all.get(text(input, 'ResourceARN'))?.delete(key);
      return {};
    },
    ListTagsForResource(input) {
      const tags = [...(all.get(text(input, 'ResourceARN')) ?? [])];
      const { items, next } = page(tags, input, 200);
      return { Tags: items.map(([Key, Value]) => ({ Key, Value })), ...next };
    },
  };

  return {
    arn: (kind: 'workgroup' | 'datacatalog', name: string): string =>
      `arn:aws:athena:${region}:${accountId}:${kind}/${name}`,
    put,
    /** Tags end with the resource. */
    drop(arn: string): void {
      all.delete(arn);
    },
    operations,
  };
}
