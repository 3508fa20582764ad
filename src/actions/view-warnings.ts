import type { Annotation } from '../github/workflow-commands.ts';
import { RULES_FILE, type ViewWarnings } from '../lake/view-warnings.ts';
import { code, number, plain } from '../report/markdown.ts';

/** Beside the line of the rules that is the reason, where there is one. */
export function warningAnnotations({ warnings }: ViewWarnings): Annotation[] {
  return warnings.map(({ text, line }) => ({
    title: 'Views',
    message: text,
    ...(line === null ? {} : { file: RULES_FILE, line }),
  }));
}

/** As a list below the views. */
export function warningList({ warnings, warnings_more }: ViewWarnings): string {
  if (warnings.length === 0) return '';
  const lines = warnings.map(({ text, line }) => {
    const place = line === null ? '' : `${code(`${RULES_FILE}:${line}`)}: `;
    return `- ${place}${plain(text)}`;
  });
  if (warnings_more > 0) lines.push(`- and ${number(warnings_more)} more, in the log of the views job`);
  return ['**Warnings**', '', ...lines].join('\n');
}
