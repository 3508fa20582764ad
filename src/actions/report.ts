import { annotation, harmless } from '../github/workflow-commands.ts';
import { type ExplainedError, explanation } from '../lake/explained-error.ts';
import { code, parts, plain, table } from '../report/markdown.ts';
import type { Done, Salvage } from './action.ts';
import { duration, type RunnerConversation, type Stage } from './runner-conversation.ts';

/** GitHub shows ten errors of a step (GitHub docs, "Limits" of annotations); one is kept for the failure itself. */
const PLACES_SHOWN = 9;
const WARNINGS_SHOWN = 10;

/** GitHub shows ten warnings of a step; the rest is in the summary. */
export function warningLines({ warnings }: Pick<Done, 'warnings'>): string[] {
  const shown = warnings.slice(0, WARNINGS_SHOWN).map((warning) => annotation('warning', warning));
  const rest = warnings.length - shown.length;
  return rest === 0 ? shown : [...shown, `${rest} more warnings are in the job summary`];
}

/** What a step says at its good end: the line of its notice, and the Markdown of its summary. */
export function successNotice(
  verb: string,
  done: Pick<Done, 'headline'>,
  conversation: RunnerConversation,
): string {
  const stages = conversation.stages().map(({ job, state, took }) => `${job} ${state}, ${duration(took)}`);
  const message = [`${done.headline} (${duration(conversation.elapsed())})`, ...stages].join('\n');
  return annotation('notice', { title: verb, message });
}

export function successSummary(
  verb: string,
  done: Pick<Done, 'headline' | 'summary'>,
  stages: readonly Stage[],
  took: number,
): string {
  return parts(
    `### ${verb}`,
    `${plain(done.headline)} (${duration(took)})`,
    done.summary,
    stageTable(stages),
  );
}

/** The annotations of a failure, one a line; that of the failure itself comes last and holds its cure. */
export function failureLines(error: ExplainedError, { places }: Salvage): string[] {
  const shown = places.slice(0, PLACES_SHOWN).map((place) => annotation('error', place));
  const rest = places.length - shown.length;
  if (rest > 0) shown.push(harmless(`${rest} more places are named above and in the job summary`));
  return [...shown, failureLine(error)];
}

/** The annotation of a failure. GitHub writes `Error: ` before it. */
export function failureLine(error: ExplainedError): string {
  const message = explanation(error).replace(/^error: +/, '');
  return annotation('error', { title: error.message, message });
}

export function failureSummary(
  verb: string,
  error: ExplainedError,
  { summary }: Salvage,
  stages: readonly Stage[],
): string {
  const lines = [
    ['Where', error.where],
    ['Why', error.why],
    ['Cure', error.cure],
  ] as const;
  const known = lines.filter((line): line is ['Where', string] => line[1] !== undefined && line[1] !== '');
  return parts(
    `### ${verb} failed`,
    `**${plain(error.message)}**`,
    known.map(([label, text]) => `- ${label}:${block(text)}`).join('\n'),
    summary,
    stageTable(stages),
  );
}

/** One line stays a line; several, such as YAML to paste, keep their form. */
function block(text: string): string {
  if (!text.includes('\n')) return ` ${plain(text)}`;
  const indented = text
    .trimEnd()
    .split('\n')
    .map((line) => `      ${line}`);
  return `\n\n${indented.join('\n')}\n`;
}

function stageTable(stages: readonly Stage[]): string {
  const rows = stages.map(({ job, state, took }) => [code(job), state, duration(took)]);
  return rows.length === 0 ? '' : table(['Stage', 'State', 'Time'], rows, ['Time']);
}
