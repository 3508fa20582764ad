import { type Command, Option } from 'commander';
import { REPOSITORY } from '../local/toolchain.ts';
import type { EdgeOptions } from './edge.ts';

/** Adds `--json`. */
export function withJson(command: Command): Command {
  return command.option('--json', 'one JSON document on standard output; all else goes to standard error');
}

/** Adds `--lake` and `--json`. */
export function onLake(command: Command): Command {
  const lake = new Option('--lake <lake>', 'local, local:NAME, or an environment such as dev').env(
    'MYDATAHUB_LAKE',
  );
  return withJson(command.addOption(lake));
}

/** The lake that the options name, ready for a verb. */
export async function lakeOf(options: EdgeOptions) {
  const { openLake } = await import('../lake/lake.ts');
  return openLake(options.lake, REPOSITORY);
}
