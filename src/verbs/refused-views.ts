import type { Lake } from '../lake/lake.ts';
import type { PublishedViews } from '../lake/state.ts';
import { RULES_FILE } from '../lake/view-warnings.ts';
import { counted } from './progress.ts';

/** Views whose reasons are told. */
const TOLD = 3;

/**
 * What a run of the workflow needs to come to its verification, when the last one has refused views: it would refuse them
 * again. `undefined` when it has refused none. `rules`: SHA-256 of config/views.yml as it is in the bucket now.
 */
export function mendRefused(
  lake: Pick<Lake, 'name' | 'call'>,
  published: PublishedViews | undefined,
  rules: string | null,
): { readonly reasons: string; readonly cure: string } | undefined {
  const refused = Object.entries(published?.views ?? {})
    .flatMap(([view, { refused: why }]) => (why === undefined ? [] : [{ view, why }]))
    .sort((a, b) => (a.view < b.view ? -1 : 1));
  if (refused.length === 0) return undefined;
  const [run, wait] = [lake.call('run-ingestion'), lake.call('wait-for-views')];
  const what = `the last run refused ${counted(refused.length, 'view')}`;
  if ((published?.rules ?? null) !== rules) {
    return {
      reasons: `${what}, and ${RULES_FILE} has changed since`,
      cure: `${wait}; if no run is under way, ${run} first`,
    };
  }
  const more = refused.length - TOLD;
  const lines = refused.slice(0, TOLD).map(({ view, why }) => `${view}: ${why}`);
  if (more > 0) lines.push(`and ${more} more: npx mydatahub views list --lake ${lake.name}`);
  const place = refused.every(({ why }) => why.includes(RULES_FILE))
    ? `${RULES_FILE} where it is named`
    : 'what is named there';
  return {
    reasons: [`${what}:`, ...lines].join('\n'),
    cure: `mend ${place}, ${lake.call('upload-assets')}, then ${run} and wait-for-views`,
  };
}
