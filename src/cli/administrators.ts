import { type Command, Option } from 'commander';
import { atTheEdge, type EdgeOptions } from './edge.ts';

type AdministratorsOptions = EdgeOptions & {
  readonly region: string;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly readOnly?: boolean;
};

/** Adds `administrators`, which works on an account, not on a lake: it comes before the first lake. */
export function registerAdministrators(program: Command): void {
  const region = new Option('--region <region>', 'whose administrators').env('AWS_REGION');
  program
    .command('administrators')
    .description(
      'show the Lake Formation administrators of an account and region, add to them, take out of them',
    )
    .addOption(region.makeOptionMandatory())
    .option('--add <arn>', 'an IAM role or user; may be given again', collect, [])
    .option('--remove <arn>', 'an IAM role or user; may be given again', collect, [])
    .option('--read-only', 'of those who see everything and change nothing')
    .option('--json', 'one JSON document on standard output; all else goes to standard error')
    .action(async (options: AdministratorsOptions) => {
      const { openDataLakeSettings } = await import('../aws/data-lake-settings.ts');
      const { administrators } = await import('../verbs/administrators.ts');
      await atTheEdge(options, (conversation) =>
        administrators(
          openDataLakeSettings({ region: options.region }),
          { ...options, readOnly: options.readOnly === true },
          conversation,
        ),
      );
    });
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
