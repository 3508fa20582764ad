import { ExplainedError } from '../lake/explained-error.ts';
import type { Lake } from '../lake/lake.ts';
import { releaseHolds } from '../lake/lake-state.ts';
import type { HeldContent } from '../lake/state.ts';
import { counted } from './progress.ts';
import { heldContents } from './rollback.ts';
import type { Conversation } from './verb.ts';

export type ReleaseResult = {
  readonly released: readonly HeldContent[];
  /** Still held. */
  readonly held: readonly HeldContent[];
};
export type ReleaseOptions = { readonly paths: readonly string[]; readonly all: boolean };

/**
 * Lets the next ingestion bring back contents that a rollback has undone: those of some paths, or all. With neither it
 * says what is held and changes nothing. Throws ExplainedError when a path is not held.
 */
export async function release(
  lake: Lake,
  { paths, all }: ReleaseOptions,
  conversation: Conversation,
): Promise<ReleaseResult> {
  const held = await heldContents(lake);
  const unknown = paths.filter((path) => !held.some((content) => content.path === path));
  if (unknown.length > 0) {
    throw new ExplainedError({
      what: 'nothing was released: a path is not held',
      where: unknown.join(', '),
      why: 'it was released before, no rollback has undone it, or it is spelt otherwise (paths are those below data/)',
      cure: `${lake.call('release')} shows what is held`,
    });
  }
  const chosen = new Set(paths);
  const goes = ({ path }: HeldContent) => all || chosen.has(path);
  const released = held.filter(goes);
  const staying = held.filter((content) => !goes(content));
  for (const content of released) conversation.say(`released: ${contentText(content)}`);
  for (const content of staying) conversation.say(`held: ${contentText(content)}`);
  if (released.length > 0) {
    await releaseHolds(lake, (content) => !goes(content));
    conversation.say(
      `${counted(released.length, 'content')} released; to bring them back: ${lake.call('run-ingestion')}`,
    );
  } else if (held.length === 0) {
    conversation.say('nothing is held');
  }
  return { released, held: staying };
}

function contentText({ path, rows, sha256, held_at }: HeldContent): string {
  const what = sha256 === '' ? 'its removal' : `${counted(rows, 'row')}, SHA-256 ${sha256.slice(0, 12)}`;
  return `${path} (${what}, since ${held_at})`;
}
