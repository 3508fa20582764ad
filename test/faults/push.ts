import { systemClock } from '../../src/aws/poller.ts';
import { openLake } from '../../src/lake/lake.ts';
import { REPOSITORY } from '../../src/local/toolchain.ts';
import { uploadData } from '../../src/verbs/upload-data.ts';
import { inLines } from '../../src/verbs/verb.ts';

/** One push of a folder into prefixes of its own, when standard input says so. Usage: push.ts LAKE NAME FOLDER. */
const [lakeName = '', name = '', folder = ''] = process.argv.slice(2);
const lake = await openLake(`local:${lakeName}`, REPOSITORY);
const prefixes = { ...lake.config.prefixes, raw: `faults/${name}/raw-data/`, state: `faults/${name}/state/` };
const ingestion = { ...lake.config.ingestion, removed_files: 'remove' as const };
const here = { ...lake, config: { ...lake.config, prefixes, ingestion } };

process.stdout.write('READY\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
process.stdin.destroy();
const conversation = {
  ...inLines((line) => process.stderr.write(`${line}\n`)),
  clock: systemClock,
  signal: new AbortController().signal,
};
await uploadData(here, folder, { confirmRemovals: true }, conversation);
