import type { PlanDifference } from '../../terraform/plan/difference.ts';
import { parts } from '../markdown.ts';
import { folded, html } from './blocks.ts';

/** Beyond this a difference goes on in a further fold, in bytes. */
const FOLD = 64 * 1024;

/** In what a plan differs from the reviewed one, for the job summary; empty when it does not. */
export function differenceText(differences: readonly PlanDifference[]): string {
  if (differences.length === 0) return '';
  return parts(
    '### Different from the reviewed plan',
    'Lines with `-` are of the reviewed plan, with `+` of the one that was made now.',
    ...differences.flatMap(({ address, what, diff }) =>
      folded(`<code>${html(address)}</code>: ${html(what)}`, diff, FOLD),
    ),
  );
}
