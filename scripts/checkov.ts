import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from '../src/local/install/once.ts';
import { pythonEnvironment } from '../src/local/install/python-environment.ts';
import { cacheDirectory, REPOSITORY } from '../src/local/toolchain.ts';

/**
 * Checks terraform/ with checkov, which has an environment of its own (requirements-checkov.txt): it shares no package
 * with the engines. What it is told to pass over stands in the files, as `#checkov:skip=<check>: <reason>`.
 */
const REQUIREMENTS = 'requirements-checkov.txt';

const hash = createHash('sha256')
  .update(readFileSync(join(REPOSITORY, REQUIREMENTS)))
  .digest('hex');
const home = join(cacheDirectory(), `checkov-${hash.slice(0, 16)}`);
await once(home, async () => {
  await pythonEnvironment(home, REQUIREMENTS);
});
const { status } = spawnSync(
  join(home, 'bin', 'checkov'),
  ['--directory', 'terraform', '--framework', 'terraform', '--compact', '--quiet', '--skip-download'],
  { cwd: REPOSITORY, stdio: ['ignore', 'inherit', 'inherit'] },
);
process.exitCode = status ?? 1;
