import type { Conversation } from './verb.ts';

/** Work shorter than this needs no word. */
const QUIET = 2000;

/**
 * Tells of work that takes longer than two seconds, at most every two seconds: `line` is asked for when it is time.
 */
export function progress(conversation: Conversation, line: () => string): () => void {
  let last = conversation.clock.now();
  return () => {
    const now = conversation.clock.now();
    if (now - last < QUIET) return;
    last = now;
    conversation.say(line());
  };
}

/** Bytes as people read them: 999 B, 12.3 MB. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const step = Math.min(Math.floor(Math.log10(count) / 3), units.length);
  return `${(count / 1000 ** step).toFixed(1)} ${units[step - 1]}`;
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
