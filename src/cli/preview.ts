import { join } from 'node:path';
import type { Command } from 'commander';
import { VIEWS_FILE } from '../lake/custom-views/digest.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import type { Lake } from '../lake/lake.ts';
import type { BaseFolder } from '../lake/preview/base-folder.ts';
import { atTheEdge, type EdgeOptions } from './edge.ts';
import { lakeOf, onLake } from './options.ts';

type PreviewCall = EdgeOptions & {
  readonly data: string;
  readonly views: string;
  readonly base?: string;
  readonly showValues?: boolean;
};

/** Adds `preview`: what a push of the folder would do. */
export function registerPreview(program: Command): void {
  onLake(program.command('preview'))
    .description('what a push of the source files would do to rows, views and columns; changes nothing')
    .option('--data <folder>', 'the folder', 'data')
    .option('--views <file>', 'the rules of custom views', join('config', VIEWS_FILE))
    .option('--base <commit>', 'compare with this commit; without it, with what the lake holds')
    .option('--show-values', 'show examples of values that change')
    .action(async (options: PreviewCall) => {
      const { previewData } = await import('../verbs/preview-data.ts');
      const { previewParts } = await import('../report/data-preview.ts');
      const { parts } = await import('../report/markdown.ts');
      await atTheEdge(
        options,
        async (conversation) => {
          const lake = options.lake === undefined ? undefined : await lakeOf(options);
          const base = await baseOf(options, lake);
          const { data, views, showValues = false } = options;
          const rules = { file: views, name: views, sent: true };
          return previewData(data, base, { ...(await settingsOf(lake)), rules, showValues }, conversation);
        },
        (preview) => process.stdout.write(`${parts(...previewParts(preview, 'Data preview'))}\n`),
      );
    });
}

async function baseOf({ data, base }: PreviewCall, lake: Lake | undefined): Promise<BaseFolder> {
  const { commitBase, lakeBase } = await import('../verbs/base-folders.ts');
  if (base !== undefined) return commitBase(data, base);
  if (lake !== undefined) return lakeBase(lake);
  throw new ExplainedError({
    what: 'nothing says what to compare with',
    cure: 'name a commit (--base main), or the lake that would be pushed to (--lake dev)',
    exitStatus: 2,
  });
}

async function settingsOf(lake: Lake | undefined) {
  const { settingsOfLake, PLAIN_SETTINGS } = await import('../verbs/preview-settings.ts');
  return lake === undefined ? PLAIN_SETTINGS : settingsOfLake(lake);
}
