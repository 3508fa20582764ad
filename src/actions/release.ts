import { counted } from '../verbs/progress.ts';
import type { ReleaseResult } from '../verbs/release.ts';
import { defineAction } from './action.ts';
import { heldTable } from './held-table.ts';
import { path } from './inputs.ts';

export const action = defineAction({
  verb: 'release',
  inputs: { files: path('') },
  async run(lake, { files }, conversation) {
    const { release } = await import('../verbs/release.ts');
    const named = files
      .split(/[,\n]/)
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const all = named.length === 1 && named[0] === 'all';
    return release(lake, { paths: all ? [] : named, all }, conversation);
  },
  isResult: (result): result is ReleaseResult => 'released' in result,
  outputNames: ['released', 'held'],
  outputs: ({ released, held }) => ({ released: released.length, held: held.length }),
  headline: ({ released, held }) =>
    `${counted(released.length, 'content')} released, ${held.length} still held`,
  summary: ({ held }) => heldTable(held),
});
