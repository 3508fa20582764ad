import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { once } from '../../../src/local/install/once.ts';
import { cacheDirectory } from '../../../src/local/toolchain.ts';

const VERSION = 'v0.2.89';

/** The program act, built by Go on its first use and then kept outside the work tree. Throws with the cure. */
export async function installAct(): Promise<string> {
  const home = join(cacheDirectory(), `act-${VERSION}`);
  await once(home, async () => {
    mkdirSync(home, { recursive: true });
    console.error(`building act ${VERSION} (some minutes, once)`);
    const { status, error } = spawnSync('go', ['install', `github.com/nektos/act@${VERSION}`], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, GOBIN: join(home, 'built'), GOFLAGS: '-trimpath' },
    });
    if (error !== undefined || status !== 0) {
      throw new Error(
        `act ${VERSION} could not be built${error === undefined ? '' : `: ${error.message}`}\n` +
          '  why:  the tests of the workflows run them with act, which is a Go module\n' +
          '  cure: install Go 1.25 or newer (go.dev/doc/install) and see that it reaches its module proxy',
      );
    }
    renameSync(join(home, 'built', 'act'), join(home, 'act'));
  });
  return join(home, 'act');
}
