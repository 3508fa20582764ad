import type { Lake } from '../lake.ts';
import { parseState } from '../state.ts';
import { VIEWS_FILE } from './digest.ts';
import { type ViewRules, viewRules, WITHOUT_RULES } from './rules.ts';

/** The rules that upload-assets has sent to the lake. Throws ExplainedError when the object is not as it writes it. */
export async function readSentRules(lake: Lake): Promise<ViewRules> {
  const key = lake.config.prefixes.config + VIEWS_FILE;
  const object = await lake.bucket.text(key);
  return object === undefined ? WITHOUT_RULES : parseState(viewRules, object.body, lake.bucket.url(key));
}
