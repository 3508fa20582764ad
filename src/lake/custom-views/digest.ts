import { createHash } from 'node:crypto';
import type { Lake } from '../lake.ts';

/** The rules of custom views: the file's name in config/ of a checkout, and under the prefix config of the bucket. */
export const VIEWS_FILE = 'views.yml';

/** SHA-256 of the rules as they are in the bucket; null when there are none. */
export async function digestOfRules(lake: Lake): Promise<string | null> {
  const object = await lake.bucket.text(lake.config.prefixes.config + VIEWS_FILE);
  return object === undefined ? null : createHash('sha256').update(object.body).digest('hex');
}
