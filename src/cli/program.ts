import { Command, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { REPOSITORY, toolchain } from '../local/toolchain.ts';
import type { ValidateOptions } from '../verbs/validate.ts';
import { registerAdministrators } from './administrators.ts';
import { atTheEdge, type EdgeOptions } from './edge.ts';
import { registerLocal } from './local.ts';
import { lakeOf, onLake, withJson } from './options.ts';
import { registerPreview } from './preview.ts';
import { registerTerraform } from './terraform.ts';
import { registerTimeTravel } from './time-travel.ts';
import { registerViews } from './views.ts';

/** The command line. Verbs are loaded only when they are called, so that each start is quick. */
export function createProgram(): Command {
  const program = new Command('mydatahub')
    .description(
      'an AWS data lake run from a repository: CSV files in, one pivoted view per entity in Athena and Spark',
    )
    .version(packageJson.version, '--version', 'the version of this checkout')
    .exitOverride()
    .showHelpAfterError('(npx mydatahub --help lists the verbs)');
  registerValidate(program);
  registerPreview(program);
  registerUploads(program);
  registerRuns(program);
  registerTimeTravel(program);
  registerViews(program);
  registerQuery(program);
  registerTerraform(program);
  registerAdministrators(program);
  registerLocal(program);
  return program;
}

function registerValidate(program: Command): void {
  withJson(program.command('validate'))
    .description('check CSV files (a folder stands for all *.csv below it) and rules of views (*.yml)')
    .argument('<path...>', 'files and folders')
    .addOption(
      new Option('--additional-columns <policy>', 'whether columns after the six are allowed')
        .choices(['refuse', 'merge'])
        .default('refuse'),
    )
    // Accepted, so that one set of options fits every verb.
    .addOption(new Option('--lake <lake>').env('MYDATAHUB_LAKE').hideHelp())
    .action(async (paths: string[], options: EdgeOptions & ValidateOptions) => {
      const { validate } = await import('../verbs/validate.ts');
      await atTheEdge(options, (conversation) => validate(paths, options, conversation));
    });
}

function registerUploads(program: Command): void {
  onLake(program.command('upload-assets'))
    .description('send JARs, Glue scripts, what they share and the rules of views; only what differs is sent')
    .option('--views <file>', 'the rules of custom views (default: config/views.yml of this checkout)')
    .action(async (options: EdgeOptions & { views?: string }) => {
      const { assetsOf, rulesFile } = await import('../lake/assets.ts');
      const { uploadAssets } = await import('../verbs/upload-assets.ts');
      await atTheEdge(options, async (conversation) => {
        const views = options.views === undefined ? {} : { views: rulesFile(options.views) };
        const files = { ...assetsOf(REPOSITORY), ...views };
        return uploadAssets(await lakeOf(options), files, async () => toolchain().jars, conversation);
      });
    });
  onLake(program.command('upload-data'))
    .description('check the source files of a folder and send what is new or changed')
    .option('--data <folder>', 'the folder', 'data')
    .option('--confirm-removals', 'let removed files take more than 20 % of the rows with them')
    .action(async (options: EdgeOptions & { data: string; confirmRemovals?: boolean }) => {
      const { uploadData } = await import('../verbs/upload-data.ts');
      const confirmRemovals = options.confirmRemovals === true;
      await atTheEdge(options, async (conversation) =>
        uploadData(await lakeOf(options), options.data, { confirmRemovals }, conversation),
      );
    });
}

type RunOptions = EdgeOptions & {
  readonly refresh?: boolean;
  readonly full?: boolean;
  readonly confirmRemovals?: boolean;
  readonly republish?: boolean;
  readonly waitForRunning?: boolean;
};

function registerRuns(program: Command): void {
  onLake(program.command('run-ingestion'))
    .description(
      'start a run of the workflow and follow its ingestion job; starts nothing when nothing changed',
    )
    .option('--refresh', 'start a run even without new data: views are published and verified again')
    .addOption(
      new Option(
        '--full',
        'ingest every source file again, and swap the content of the table in one commit',
      ).conflicts('refresh'),
    )
    .option('--confirm-removals', 'let removed files take more than 20 % of the rows with them')
    .option('--republish', 'publish every view anew, also one that only somebody else has changed')
    .option('--wait-for-running', 'wait while another run is under way, instead of refusing')
    .action(async (options: RunOptions) => {
      const { runIngestion } = await import('../verbs/run-ingestion.ts');
      await atTheEdge(options, async (conversation) =>
        runIngestion(
          await lakeOf(options),
          {
            refresh: options.refresh === true,
            full: options.full === true,
            confirmRemovals: options.confirmRemovals === true,
            republish: options.republish === true,
            waitForRunning: options.waitForRunning === true,
          },
          conversation,
        ),
      );
    });
  onLake(program.command('wait-for-views'))
    .description('follow a run of the workflow to its end and check that every view has both dialects')
    .option('--run-id <id>', 'the run; without it the latest')
    .action(async (options: EdgeOptions & { runId?: string }) => {
      const { waitForViews } = await import('../verbs/wait-for-views.ts');
      await atTheEdge(options, async (conversation) =>
        waitForViews(await lakeOf(options), options.runId, conversation),
      );
    });
  onLake(program.command('smoke-test'))
    .description('compare every view in both engines at the same snapshot')
    .option('--run-id <id>', 'a run of the workflow, to say with `--json` what it has used')
    .action(async (options: EdgeOptions & { runId?: string }) => {
      const { smokeTest } = await import('../verbs/smoke-test.ts');
      await atTheEdge(options, async (conversation) =>
        smokeTest(await lakeOf(options), options.runId, conversation),
      );
    });
}

type QueryOptions = EdgeOptions & {
  readonly engine: 'athena' | 'spark';
  readonly format: 'table' | 'json' | 'csv';
};

function registerQuery(program: Command): void {
  onLake(program.command('query'))
    .description('run one SQL statement in one engine; the same text runs in both')
    .argument('<sql>', 'the statement')
    .addOption(new Option('--engine <engine>').choices(['athena', 'spark']).makeOptionMandatory())
    .addOption(new Option('--format <format>').choices(['table', 'json', 'csv']).default('table'))
    .action(async (sql: string, options: QueryOptions) => {
      const { query } = await import('../verbs/query.ts');
      const { resultText } = await import('./result-text.ts');
      await atTheEdge(
        { ...options, json: options.json === true || options.format === 'json' },
        async (conversation) => query(await lakeOf(options), options.engine, sql, conversation),
        (result) => process.stdout.write(resultText(result, options.format)),
      );
    });
}
