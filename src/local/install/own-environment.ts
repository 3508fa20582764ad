import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory, REPOSITORY } from '../toolchain.ts';
import { once } from './once.ts';
import { pythonEnvironment } from './python-environment.ts';

/**
 * A Python environment for one tool, which shares no package with the engines: `requirements-<tool>.txt` says what is in
 * it. Made at the first call, kept in the cache. Returns its folder.
 */
export async function ownEnvironment(tool: string): Promise<string> {
  const requirements = `requirements-${tool}.txt`;
  const hash = createHash('sha256')
    .update(readFileSync(join(REPOSITORY, requirements)))
    .digest('hex');
  const home = join(cacheDirectory(), `${tool}-${hash.slice(0, 16)}`);
  await once(home, async () => {
    await pythonEnvironment(home, requirements);
  });
  return home;
}
