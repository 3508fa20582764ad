import { z } from 'zod';
import { lakeOption, localLakeName } from './lakes.ts';
import { mydatahub } from './mydatahub.ts';
import { status } from './status.ts';
import { stopLake } from './stop.ts';
import { furnish, up } from './up.ts';

const SMOKE = z.object({ views: z.array(z.object({ view: z.string() }).loose()).min(1) }).loose();

/**
 * The whole chain as a person would type it: a lake, the CSV files of a folder, ingestion, views, the smoke test, and
 * one query in both engines. Uses a lake of this name that is up already. Without `keep` the lake ends with the demo.
 */
export async function demo(
  lakeName: string,
  options: { readonly keep: boolean; readonly data: string },
): Promise<void> {
  const name = localLakeName(lakeName);
  const started = Date.now();
  await show(['validate', options.data]);
  const wasUp = (await status(name)).up;
  if (wasUp) await furnish(name);
  else await up(lakeName, { keep: options.keep });
  const ours = !wasUp && !options.keep;
  const shown = await chain(name, options.data).finally(() => (ours ? stopLake(name) : undefined));

  const { view, views } = shown;
  process.stderr.write(`\n${views} views, the same in both engines, in ${seconds(started)} s\n`);
  if (ours) {
    process.stderr.write('the lake is down again; keep it next time with  make demo KEEP=1\n');
  } else {
    process.stderr.write(
      `the lake is still up; try  npx mydatahub query --engine spark --lake ${lakeOption(name)} "SELECT count(*) FROM iceberg_db.${view}"\n` +
        `end it with  npx mydatahub local down --lake ${lakeOption(name)}\n`,
    );
  }
}

/** CSV files to the same query in both engines; the first view, and how many there are. Throws when a verb fails. */
async function chain(name: string, data: string): Promise<{ view: string; views: number }> {
  const lake = ['--lake', lakeOption(name)];
  await show(['upload-data', '--data', data, ...lake]);
  await show(['run-ingestion', ...lake]);
  await show(['wait-for-views', ...lake]);
  const smoke = SMOKE.parse(JSON.parse(await show(['smoke-test', '--json', ...lake], { quiet: true })));
  const view = smoke.views[0]?.view ?? '';
  const query = `SELECT * FROM iceberg_db.${view} ORDER BY entity2, entity3, entity4 LIMIT 5`;
  for (const engine of ['athena', 'spark']) await show(['query', '--engine', engine, query, ...lake]);
  return { view, views: smoke.views.length };
}

/** Shows the command, runs it, and returns what it printed. Throws when it fails. */
async function show(args: readonly string[], options: { readonly quiet?: boolean } = {}): Promise<string> {
  const shown = args
    .filter((arg) => arg !== '--json')
    .map((arg) => (/^[\w./:=-]+$/.test(arg) ? arg : JSON.stringify(arg)))
    .join(' ');
  process.stderr.write(`\n$ npx mydatahub ${shown}\n`);
  const started = Date.now();
  const { status: code, stdout } = await mydatahub(args);
  if (options.quiet !== true) process.stdout.write(stdout);
  if (code !== 0)
    throw new Error(`mydatahub ${args[0]} did not do its work\n  cure: mend what it names above`);
  process.stderr.write(`(${seconds(started)} s)\n`);
  return stdout;
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(1);
}
