import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Breach } from '../lake/contract/breach.ts';
import { checkSourceFile, type SourceFileCheck } from '../lake/contract/source-file.ts';
import { noSourceFiles, sourceFolder } from '../lake/source-folder.ts';
import { bytes, counted, progress } from './progress.ts';
import { type BrokenFile, BrokenFiles, type Conversation } from './verb.ts';

export type CheckedFile = SourceFileCheck & { readonly path: string };
export type ValidateResult = {
  readonly files: readonly CheckedFile[];
  readonly rows: number;
  readonly broken: number;
};

export type ValidateOptions = { readonly additionalColumns: 'refuse' | 'merge' };

/** Checks files and folders (all `*.csv` below them) against the contract. Throws BrokenFiles when one breaks it. */
export async function validate(
  paths: readonly string[],
  options: ValidateOptions,
  conversation: Conversation,
): Promise<ValidateResult> {
  const files: { path: string; file: string }[] = [];
  for (const path of paths) {
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isFile) {
      files.push({ path, file: path });
      continue;
    }
    const folder = await sourceFolder(path);
    if (folder.length === 0) throw noSourceFiles(path);
    files.push(...folder.map(({ path: inside, file }) => ({ path: join(path, inside), file })));
  }
  const checked = await checkAll(files, options, conversation);
  const result = {
    files: checked.map(({ path, rows, size, sha256, breaches, more }) => ({
      path,
      rows,
      size,
      sha256,
      breaches,
      more,
    })),
    rows: checked.reduce((sum, { rows }) => sum + rows, 0),
    broken: checked.filter(({ breaches }) => breaches.length > 0).length,
  };
  if (result.broken > 0)
    throw new BrokenFiles(brokenOnes(checked), result, 'the files break the contract of source files');
  conversation.say(
    `${counted(checked.length, 'file')} with ${counted(result.rows, 'row')}: all keep the contract`,
  );
  return result;
}

/** Checks all files, says each breach, and tells of its progress. */
export async function checkAll<F extends { readonly path: string; readonly file: string }>(
  files: readonly F[],
  options: ValidateOptions,
  conversation: Conversation,
): Promise<(F & SourceFileCheck)[]> {
  const checked: (F & SourceFileCheck)[] = [];
  let read = 0;
  const tell = progress(
    conversation,
    () => `checked ${checked.length} of ${files.length} files, ${bytes(read)}`,
  );
  for (const file of files) {
    conversation.signal.throwIfAborted();
    const check = await checkSourceFile(file.file, undefined, options.additionalColumns === 'merge');
    for (const breach of check.breaches) conversation.say(breachText(file.path, breach));
    if (check.more > 0) conversation.say(`${file.path}: and ${counted(check.more, 'more problem')}`);
    checked.push({ ...file, ...check });
    read += check.size;
    tell();
  }
  return checked;
}

/** Those that break the contract. */
export function brokenOnes(checked: readonly CheckedFile[]): BrokenFile[] {
  return checked
    .filter(({ breaches }) => breaches.length > 0)
    .map(({ path, breaches, more }) => ({ path, breaches, more }));
}

function breachText(path: string, { line, column, name, problem, cure }: Breach): string {
  return `${path}: line ${line}, column ${column}${name === null ? '' : ` (${name})`}: ${problem}\n    ${cure}`;
}
