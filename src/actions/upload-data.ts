import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { BREACH_COLUMNS, breachRows } from '../report/broken-files.ts';
import { code, number, parts, table } from '../report/markdown.ts';
import { counted } from '../verbs/progress.ts';
import type { UploadDataResult } from '../verbs/upload-data.ts';
import { type BrokenFile, BrokenFiles } from '../verbs/verb.ts';
import { defineAction } from './action.ts';
import { breachAnnotations } from './breach-annotations.ts';
import { flag, path } from './inputs.ts';

type Refusal = { readonly files: readonly BrokenFile[] };

export const action = defineAction({
  verb: 'upload-data',
  inputs: { 'data-directory': path('data'), 'confirm-removals': flag() },
  check: (values, { workspace }) => {
    const folder = values['data-directory'] ?? 'data';
    if (existsSync(resolve(workspace, folder))) return [];
    return [
      {
        problem: `data-directory is ${JSON.stringify(folder)}: no such folder (is it checked out before this step?)`,
        line: 'data-directory: <folder with *.csv>',
      },
    ];
  },
  async run(lake, values, conversation, { workspace }): Promise<UploadDataResult | Refusal> {
    const { uploadData } = await import('../verbs/upload-data.ts');
    const options = { confirmRemovals: values['confirm-removals'] };
    return uploadData(lake, resolve(workspace, values['data-directory']), options, conversation);
  },
  isResult: (result): result is UploadDataResult | Refusal => 'sent' in result || 'files' in result,
  outputNames: ['uploaded', 'unchanged', 'kept', 'removed', 'broken'],
  outputs: (result) => {
    if ('files' in result)
      return { uploaded: 0, unchanged: 0, kept: 0, removed: 0, broken: result.files.length };
    const { sent, kept, removed } = result;
    const unchanged = unchangedIn(result);
    return { uploaded: sent.length, unchanged, kept: kept.length, removed: removed.length, broken: 0 };
  },
  headline: (result) =>
    'files' in result
      ? `${counted(result.files.length, 'file')} broken, nothing sent`
      : `${counted(result.sent.length, 'file')} sent, ${unchangedIn(result)} unchanged, ${result.removed.length} removed`,
  summary: (result) =>
    'files' in result ? table(BREACH_COLUMNS, breachRows(result.files), ['Line']) : sentTable(result),
  async places(error, values, { workspace }) {
    if (!(error instanceof BrokenFiles)) return [];
    return breachAnnotations(error.files, resolve(workspace, values['data-directory']), workspace);
  },
});

/** Files that needed no PUT. */
function unchangedIn({ unchanged, found }: UploadDataResult): number {
  return unchanged.length + found.length;
}

function sentTable({ sent, kept, removed }: UploadDataResult): string {
  const rows = sent.map(({ path: file, rows: count, size, reason }) => [
    code(file),
    number(count),
    number(size),
    reason,
  ]);
  return parts(
    rows.length === 0 ? '' : table(['File', 'Rows', 'Bytes', 'Why'], rows, ['Rows', 'Bytes']),
    removed.length === 0 ? '' : `Removed from the lake: ${removed.map(code).join(', ')}`,
    kept.length === 0 ? '' : `No longer in the folder, and kept in the lake: ${kept.map(code).join(', ')}`,
  );
}
