import { join } from 'node:path';
import { run } from '../../lake/program.ts';
import { REPOSITORY } from '../toolchain.ts';

export const PYTHON_CURE =
  'check that the Python package index can be reached (pip download six), then run the command again';

/**
 * Makes a Python environment in a folder from a requirements file of the checkout: pinned versions, every file checked
 * by its hash. `options` go to the installer. Returns the environment's Python.
 */
export async function pythonEnvironment(
  home: string,
  requirements: string,
  options: readonly string[] = [],
): Promise<string> {
  await run('python3', ['-m', 'venv', '--clear', home], {
    cure: 'install the venv module of Python (Debian and Ubuntu: apt-get install python3-venv)',
  });
  const python = join(home, 'bin', 'python');
  const bootstrap = join(REPOSITORY, 'requirements-bootstrap.txt');
  await run(python, ['-m', 'pip', 'install', '--quiet', '--require-hashes', '-r', bootstrap], {
    cure: PYTHON_CURE,
  });
  const install = ['-m', 'uv', 'pip', 'install', '--quiet', '--python', python, '--require-hashes'];
  await run(python, [...install, ...options, '-r', join(REPOSITORY, requirements)], { cure: PYTHON_CURE });
  return python;
}
