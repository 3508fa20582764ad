import type { Command } from 'commander';
import { atTheEdge, type EdgeOptions } from './edge.ts';
import { lakeOf, onLake } from './options.ts';

/** Adds `history`, `rollback` and `release`: what was done to the table, and how to undo it. */
export function registerTimeTravel(program: Command): void {
  onLake(program.command('history'))
    .description('what was done to the table: snapshots with their files and rows, newest first')
    .action(async (options: EdgeOptions) => {
      const { history } = await import('../verbs/history.ts');
      const { historyText } = await import('./history-text.ts');
      await atTheEdge(
        options,
        async () => history(await lakeOf(options)),
        (result) => process.stdout.write(historyText(result)),
      );
    });
  onLake(program.command('rollback'))
    .description('take the table and its views back; what is undone stays out until it is released')
    .requiredOption('--to <snapshot>', 'a snapshot of `history`, or a time such as 2026-01-31T18:00Z')
    .option('--wait-for-running', 'wait while another run is under way, instead of refusing')
    .action(async (options: EdgeOptions & { to: string; waitForRunning?: boolean }) => {
      const { rollback } = await import('../verbs/rollback.ts');
      const { to } = options;
      await atTheEdge(options, async (conversation) =>
        rollback(
          await lakeOf(options),
          { to, waitForRunning: options.waitForRunning === true },
          conversation,
        ),
      );
    });
  onLake(program.command('release'))
    .description('let the next ingestion bring back what a rollback has undone; without paths, show it')
    .argument('[path...]', 'source files, as they are named below the data folder')
    .option('--all', 'everything that is held')
    .action(async (paths: string[], options: EdgeOptions & { all?: boolean }) => {
      const { release } = await import('../verbs/release.ts');
      await atTheEdge(options, async (conversation) =>
        release(await lakeOf(options), { paths, all: options.all === true }, conversation),
      );
    });
}
