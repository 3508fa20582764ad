import type { GitHub } from '../github/api.ts';
import type { PullRequestOfEvent, RunContext } from '../github/event.ts';
import { COMMENT_LIMIT, marker, stickyComments, syncComments } from '../github/sticky-comments.ts';
import type { DataPreview } from '../lake/preview/preview.ts';
import { previewParts } from '../report/data-preview.ts';
import type { Conversation } from '../verbs/verb.ts';

/** What the token must be allowed to do. */
const PERMISSION = { scope: 'pull-requests', level: 'write' } as const;

/**
 * Brings the sticky comment of the preview up to date; long ones go on in further comments. A pull request that changes
 * neither source files nor rules of views gets none, unless it had one.
 */
export async function commentPreview(
  client: GitHub,
  preview: DataPreview,
  environment: string | undefined,
  { pullRequest, runUrl }: RunContext & { readonly pullRequest: PullRequestOfEvent },
  { say }: Conversation,
): Promise<void> {
  const { number } = pullRequest;
  const name = environment === undefined ? 'data-preview' : `data-preview:${environment}`;
  const there = await stickyComments(client, number, PERMISSION);
  const { files, broken, rules } = preview;
  const nothing = files.length + broken.length + rules.refused.length === 0 && !rules.changed;
  if (nothing && !there.some((comment) => comment.name === name)) return;
  const title = environment === undefined ? 'Data preview' : `Data preview for ${environment}`;
  const commit = pullRequest.headSha;
  const told = runUrl === undefined ? [] : [`<sub>Commit ${commit.slice(0, 12)}, [run](${runUrl})</sub>`];
  const bodies = packed([...previewParts(preview, title), ...told], COMMENT_LIMIT - 500).map(
    (body, index) => marker({ name, part: index + 1, commit }) + body,
  );
  const { url, written } = await syncComments(client, number, name, there, bodies, PERMISSION);
  say(`preview: ${url}${written === 0 ? ' (unchanged)' : ''}`);
}

/** Parts of Markdown in as few texts as their size in bytes allows; none is cut. */
export function packed(markdown: readonly string[], limit: number): string[] {
  const texts: string[] = [];
  for (const part of markdown) {
    const last = texts.at(-1);
    const together = last === undefined ? part : `${last}\n\n${part}`;
    if (last === undefined || Buffer.byteLength(together) > limit) texts.push(part);
    else texts[texts.length - 1] = together;
  }
  return texts;
}
