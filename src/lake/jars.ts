import { run } from './program.ts';

const CURE = 'check that Maven reaches its repository (mvn dependency:get), then run the command again';

/**
 * Copies every dependency of a POM (absolute path) into a folder, from Maven's own cache where it is there. Maven gets
 * `env` as its environment.
 */
export async function copyDependencies(
  pom: string,
  directory: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const output = `-DoutputDirectory=${directory}`;
  await run('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', output], { env, cure: CURE });
}
