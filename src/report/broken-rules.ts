import type { PreviewRules } from '../lake/preview/preview.ts';
import { alert, code, number, plain } from './markdown.ts';

/** The columns of a table of places where config/views.yml is broken. */
export const PROBLEM_COLUMNS = ['File', 'Line', 'Column', 'What is wrong'] as const;
export const PROBLEM_NUMBERS = ['Line', 'Column'] as const;

export function problemRows({ file, problems }: PreviewRules): string[][] {
  return problems.map(({ line, column, problem }) => [
    code(file),
    number(line),
    number(column),
    plain(problem),
  ]);
}

/** What is wrong with the file, or cannot hold for a view. */
export function brokenRules({ file, problems, refused, idle }: PreviewRules): string[] {
  const broken = `${code(file)} is not written as it has to be, and would not be sent. Below, views are as its rules before make them.`;
  return [
    ...(problems.length === 0 ? [] : [alert('CAUTION', broken)]),
    ...refused.map(({ view, line, problem }) =>
      alert(
        'CAUTION',
        `${code(`${file}:${line}`)}: ${plain(problem)}. ${code(view)} would not be published.`,
      ),
    ),
    ...idleSentence(file, idle),
  ];
}

/** Most often a slip of the pen. */
function idleSentence(file: string, idle: PreviewRules['idle']): string[] {
  if (idle.length === 0) return [];
  const told = idle.map(({ line, problem }) => `- ${code(`${file}:${line}`)}: ${plain(problem)}`);
  return [alert('WARNING', 'Rules that are about nothing in these files:', ...told)];
}
