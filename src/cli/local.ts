import type { Command } from 'commander';

/** Adds `local up|down|status|install` and `demo`, the commands that only concern lakes on this machine. */
export function registerLocal(program: Command): void {
  const local = program
    .command('local')
    .description('the lake on this machine: real Spark, Iceberg and Trino');
  local
    .command('install')
    .description('fetch the engines (what `make setup` does); downloads nothing when all is there')
    .action(async () => (await import('../local/install/install.ts')).install());
  withLake(local.command('up'))
    .description('start a lake, apply its Terraform, upload its assets')
    .option('--json', 'one JSON document on standard output')
    .action(async (options: LakeOptions) => {
      const { up } = await import('../local/up.ts');
      report(options, await up(options.lake, { keep: true }));
    });
  withLake(local.command('down'))
    .description('end a lake and remove all that it kept')
    .option('--json', 'one JSON document on standard output')
    .action(async (options: LakeOptions) => {
      const { localLakeName } = await import('../local/lakes.ts');
      const { stopLake } = await import('../local/stop.ts');
      const name = localLakeName(options.lake);
      const stopped = await stopLake(name);
      process.stderr.write(stopped ? `lake ${name} is down\n` : `there is no lake ${name}\n`);
      report(options, { name, stopped });
    });
  withLake(local.command('status'))
    .description('what the lake runs and where it listens')
    .option('--json', 'one JSON document on standard output')
    .action(async (options: LakeOptions) => {
      const { status } = await import('../local/status.ts');
      const { localLakeName } = await import('../local/lakes.ts');
      const answer = await status(localLakeName(options.lake));
      if (options.json) report(options, answer);
      else process.stdout.write(`${answer.text}\n`);
      if (!answer.up) process.exitCode = 1;
    });
  withLake(program.command('demo'))
    .description('the whole chain on a local lake: CSV files to views that both engines read alike')
    .option('--keep', 'leave the lake running')
    .option('--data <folder>', 'CSV files to show it with', 'data')
    .action(async (options: LakeOptions & { keep?: boolean; data: string }) => {
      const { demo } = await import('../local/demo.ts');
      await demo(options.lake, { keep: options.keep === true, data: options.data });
    });
}

type LakeOptions = { readonly lake: string; readonly json?: boolean };

function withLake(command: Command): Command {
  return command.option('--lake <lake>', 'local, or local:NAME', process.env.MYDATAHUB_LAKE ?? 'local');
}

function report(options: LakeOptions, result: unknown): void {
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
}
