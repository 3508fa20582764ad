import { type Command, Option } from 'commander';
import type { ViewsDiffResult } from '../verbs/views-diff.ts';
import { atTheEdge, type EdgeOptions } from './edge.ts';
import { lakeOf, onLake } from './options.ts';

type Format = 'table' | 'json' | 'csv';
type FormatOptions = EdgeOptions & { readonly format: Format };

/** Adds `views list`, `views show` and `views diff`: what the publisher has made, for people. */
export function registerViews(program: Command): void {
  const views = program
    .command('views')
    .description('the views: how they stand, what they are made of, and what the next run would change');
  withFormat(views.command('list'))
    .description('every view: its dialects, whether it is what the table asks for now, and its size')
    .action(async (options: FormatOptions) => {
      const { listViews } = await import('../verbs/views-list.ts');
      const { listText } = await import('./views-text.ts');
      await atTheEdge(
        asked(options),
        async (conversation) => listViews(await lakeOf(options), conversation),
        (result) => process.stdout.write(listText(result, options.format)),
      );
    });
  withFormat(views.command('show'))
    .description('one view in full: columns with their keys, size, and the SQL of both dialects')
    .argument('<view>', 'its name, or its entity1 as it is in the source files')
    .addOption(new Option('--sql <dialect>', 'the SQL of one dialect alone').choices(['athena', 'spark']))
    .action(async (view: string, options: FormatOptions & { sql?: 'athena' | 'spark' }) => {
      const { showView, viewSqlOf } = await import('../verbs/views-show.ts');
      const { showText, sqlText } = await import('./views-text.ts');
      const { sql, format } = options;
      if (sql === undefined) {
        await atTheEdge(
          asked(options),
          async () => showView(await lakeOf(options), view),
          (shown) => process.stdout.write(showText(shown, format)),
        );
      } else {
        await atTheEdge(
          asked(options),
          async () => viewSqlOf(await lakeOf(options), view, sql),
          (shown) => process.stdout.write(sqlText(shown, format)),
        );
      }
    });
  withFormat(views.command('diff'))
    .description('what the next run of the publisher would change; changes nothing')
    .argument('[view]', 'one view; without it, all')
    .option('--job', 'let the publisher find out by a dry run, which scans the table')
    .action(async (view: string | undefined, options: FormatOptions & { job?: boolean }) => {
      const { diffViews, refusedViews } = await import('../verbs/views-diff.ts');
      const { diffText } = await import('./views-text.ts');
      const edge = asked(options);
      const show = (result: ViewsDiffResult) => process.stdout.write(diffText(result, options.format));
      await atTheEdge(
        edge,
        async (conversation) => {
          const lake = await lakeOf(options);
          const result = await diffViews(lake, { view, job: options.job === true }, conversation);
          const refused = refusedViews(lake, result);
          if (refused === undefined) return result;
          if (edge.json !== true) show(result);
          throw refused;
        },
        show,
      );
    });
}

function withFormat(command: Command): Command {
  return onLake(command).addOption(
    new Option('--format <format>').choices(['table', 'json', 'csv']).default('table'),
  );
}

function asked(options: FormatOptions): EdgeOptions {
  return { ...options, json: options.json === true || options.format === 'json' };
}
