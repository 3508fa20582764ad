import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ownEnvironment } from '../src/local/install/own-environment.ts';
import { REPOSITORY } from '../src/local/toolchain.ts';

/**
 * Checks terraform/ with checkov, in an environment of its own. What it is told to pass over stands in the files, as
 * `#checkov:skip=<check>: <reason>`.
 */
const { status } = spawnSync(
  join(await ownEnvironment('checkov'), 'bin', 'checkov'),
  ['--directory', 'terraform', '--framework', 'terraform', '--compact', '--quiet', '--skip-download'],
  { cwd: REPOSITORY, stdio: ['ignore', 'inherit', 'inherit'] },
);
process.exitCode = status ?? 1;
