import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Breach } from '../lake/contract/breach.ts';
import { checkSourceFile, type SourceFileCheck } from '../lake/contract/source-file.ts';
import { problemText, readCustomViews, type ViewsProblem } from '../lake/custom-views/read.ts';
import { noSourceFiles, sourceFolder } from '../lake/source-folder.ts';
import { bytes, counted, progress } from './progress.ts';
import { type BrokenFile, BrokenFiles, type Conversation, VerbFailure } from './verb.ts';

export type CheckedFile = SourceFileCheck & { readonly path: string };
export type ValidateResult = {
  readonly files: readonly CheckedFile[];
  readonly rows: number;
  /** Files with the rules of custom views. */
  readonly rule_files: readonly CheckedRules[];
  readonly broken: number;
};

export type CheckedRules = {
  readonly path: string;
  readonly rules: number;
  readonly problems: readonly ViewsProblem[];
};

export type ValidateOptions = { readonly additionalColumns: 'refuse' | 'merge' };

/**
 * Checks files and folders (all `*.csv` below them) against the contract, and files of rules (`*.yml`) against their
 * schema. Throws BrokenFiles or VerbFailure when one is broken.
 */
export async function validate(
  paths: readonly string[],
  options: ValidateOptions,
  conversation: Conversation,
): Promise<ValidateResult> {
  const files: { path: string; file: string }[] = [];
  const ruleFiles: CheckedRules[] = [];
  for (const path of paths) {
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isFile && /\.ya?ml$/i.test(path)) {
      ruleFiles.push(await checkRules(path, conversation));
      continue;
    }
    if (isFile) {
      files.push({ path, file: path });
      continue;
    }
    const folder = await sourceFolder(path);
    if (folder.length === 0) throw noSourceFiles(path);
    files.push(...folder.map(({ path: inside, file }) => ({ path: join(path, inside), file })));
  }
  const checked = await checkAll(files, options, conversation);
  const broken = brokenOnes(checked);
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
    rule_files: ruleFiles,
    broken: broken.length + ruleFiles.filter(({ problems }) => problems.length > 0).length,
  };
  if (broken.length > 0)
    throw new BrokenFiles(broken, result, 'the files break the contract of source files');
  if (result.broken > 0) {
    throw new VerbFailure(result, {
      what: 'the rules of custom views are not written as they have to be',
      why: 'each problem is named above with its line and column',
      cure: 'mend them as said there; docs/custom-views.md has an example of each part',
    });
  }
  if (checked.length > 0) {
    const rows = counted(result.rows, 'row');
    conversation.say(`${counted(checked.length, 'file')} with ${rows}: all keep the contract`);
  }
  return result;
}

async function checkRules(path: string, conversation: Conversation): Promise<CheckedRules> {
  const read = readCustomViews(await readFile(path, 'utf8'));
  if (read.ok) {
    conversation.say(`${path}: ${counted(read.rules, 'rule')}, as they have to be`);
    return { path, rules: read.rules, problems: [] };
  }
  for (const problem of read.problems) conversation.say(problemText(path, problem));
  return { path, rules: 0, problems: read.problems };
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
