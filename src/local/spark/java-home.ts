import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

let found: Promise<string> | undefined;

/** Home of the Java 17 on PATH, which Spark 3.5 needs. Throws with the cure when it is missing or another version. */
export function javaHome(): Promise<string> {
  found ??= find();
  found.catch(() => {
    found = undefined;
  });
  return found;
}

async function find(): Promise<string> {
  const cure = '  cure: install Java 17 (Debian: openjdk-17-jdk-headless) and put it first on PATH';
  const settings = await promisify(execFile)('java', ['-XshowSettings:properties', '-version']).then(
    ({ stderr }) => stderr,
    (error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`cannot run java, which Spark needs: ${why}\n${cure}`);
    },
  );
  const version = /java\.specification\.version = (\S+)/.exec(settings)?.[1];
  const home = /java\.home = (.+)/.exec(settings)?.[1]?.trim();
  if (version !== '17' || home === undefined) {
    throw new Error(`java on PATH is version ${version ?? 'unknown'}; Spark 3.5 needs 17\n${cure}`);
  }
  return home;
}
