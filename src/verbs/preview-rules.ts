import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { problemText, readViewRules, type ViewsProblem } from '../lake/custom-views/read.ts';
import { type ViewRules, WITHOUT_RULES } from '../lake/custom-views/rules.ts';
import type { BaseFolder } from '../lake/preview/base-folder.ts';
import type { PreviewOptions } from './preview-data.ts';
import type { Conversation } from './verb.ts';

/** The rules of custom views on both sides of a comparison. `after` are those of before where the file is broken or is not sent. */
export type ComparedRules = {
  readonly before: ViewRules;
  readonly after: ViewRules;
  readonly changed: boolean;
  readonly problems: readonly ViewsProblem[];
};

/** Reads `file` (it need not exist) and what there was of it; says each problem with its place. */
export async function compareRules(
  { file, name, sent }: PreviewOptions['rules'],
  base: BaseFolder,
  conversation: Conversation,
): Promise<ComparedRules> {
  const [was, text] = await Promise.all([base.rules(file), readFile(file, 'utf8').catch(absent)]);
  const read = text === undefined ? ({ ok: true, rules: WITHOUT_RULES } as const) : readViewRules(text);
  if (!read.ok) {
    for (const problem of read.problems) conversation.say(problemText(name, problem));
    const before = was ?? WITHOUT_RULES;
    return { before, after: before, changed: true, problems: read.problems };
  }
  const before = was ?? read.rules;
  const changed = !isDeepStrictEqual(withoutLines(before), withoutLines(read.rules));
  return { before, after: sent ? read.rules : before, changed, problems: [] };
}

const LINES = ['line', 'expression_line'];

/** What the rules say, wherever it stands in the file. */
function withoutLines(rules: ViewRules): unknown {
  return JSON.parse(JSON.stringify(rules, (member, value) => (LINES.includes(member) ? undefined : value)));
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
