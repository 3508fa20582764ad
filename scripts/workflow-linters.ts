import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ownEnvironment } from '../src/local/install/own-environment.ts';
import { REPOSITORY } from '../src/local/toolchain.ts';

/**
 * Checks .github/workflows/ and actions/ with actionlint (a fork that knows `uses: $/…`, GitHub's way to name an action of
 * the workflow's own repository; the original does not yet: rhysd/actionlint#711) and with zizmor as its strictest
 * persona, from an environment of their own (requirements-workflows.txt). Usage: workflow-linters.ts
 */
const home = await ownEnvironment('workflows');
const CHECKS = [
  ['actionlint', '-no-color'],
  // Offline: every pin is a full SHA, and what stands beside it is checked by a test.
  [
    'zizmor',
    '--offline',
    '--no-progress',
    '--quiet',
    '--strict-collection',
    '--persona',
    'auditor',
    '.github',
    'actions',
  ],
] as const;
for (const [program, ...args] of CHECKS) {
  const { status } = spawnSync(join(home, 'bin', program), args, {
    cwd: REPOSITORY,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exitCode = 1;
}
