import type { PublishedViews } from './state.ts';

/** Something that people ought to know of their views though nothing failed. `line`: of config/views.yml, or `null`. */
export type ViewWarning = { readonly text: string; readonly line: number | null };
/** `warnings_more`: those that are in the log of the views job alone. */
export type ViewWarnings = { readonly warnings: readonly ViewWarning[]; readonly warnings_more: number };

export const RULES_FILE = 'config/views.yml';

/** What the last run of the publisher warned of. */
export function viewWarnings(
  published: Pick<PublishedViews, 'warnings' | 'warnings_more'> | undefined,
): ViewWarnings {
  return { warnings: published?.warnings ?? [], warnings_more: published?.warnings_more ?? 0 };
}

/** One line each, with its place in the file. */
export function warningLines({ warnings, warnings_more }: ViewWarnings, job: string): string[] {
  const lines = warnings.map(
    ({ text, line }) => `WARNING ${line === null ? '' : `${RULES_FILE}:${line}: `}${text}`,
  );
  return warnings_more === 0 ? lines : [...lines, `WARNING ${warnings_more} more are in the log of ${job}`];
}
