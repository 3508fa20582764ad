import { join, relative, sep } from 'node:path';
import type { Annotation } from '../github/workflow-commands.ts';
import { characterColumns } from '../lake/contract/character-columns.ts';
import type { ViewsProblem } from '../lake/custom-views/read.ts';
import type { BrokenFile } from '../verbs/verb.ts';

/**
 * One annotation for each breach, on the character where the offending field begins.
 *
 * @param folder the folder the files' paths are relative to, absolute
 * @param workspace the caller's checkout, absolute
 */
export async function breachAnnotations(
  files: readonly BrokenFile[],
  folder: string,
  workspace: string,
): Promise<Annotation[]> {
  const annotations: Annotation[] = [];
  for (const { path, breaches } of files) {
    const file = join(folder, path);
    const columns = await characterColumns(file, breaches);
    for (const [index, { line, name, column: field, problem, cure }] of breaches.entries()) {
      annotations.push({
        title: `The source file is broken in ${name ?? `field ${field}`}`,
        message: `${problem}\n${cure}`,
        file: relative(workspace, file).split(sep).join('/'),
        line,
        column: columns[index] ?? 1,
      });
    }
  }
  return annotations;
}

/** One annotation for each place where the rules of custom views are not as they have to be; `file` is absolute. */
export function ruleAnnotations(
  problems: readonly ViewsProblem[],
  file: string,
  workspace: string,
): Annotation[] {
  const path = relative(workspace, file).split(sep).join('/');
  return problems.map(({ line, column, problem }) => ({
    title: 'The rules of the views are broken',
    message: problem,
    file: path,
    line,
    column,
  }));
}
