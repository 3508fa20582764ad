import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cacheDirectory, toolchain } from '../toolchain.ts';

/**
 * Folder of the archive of the classes that Spark and Iceberg load (Java's class data sharing), one for each set of
 * pinned versions. With it a job's JVM needs half of the processor time to come up.
 */
export function classArchiveDirectory(): string {
  const { pythonHome, jars } = toolchain();
  const versions = createHash('sha256')
    .update(`${basename(pythonHome)} ${basename(jars)}`)
    .digest('hex');
  return join(cacheDirectory(), `spark-classes-${versions.slice(0, 16)}`);
}

/** The archive itself, in that folder. */
export function classArchive(): string {
  return join(classArchiveDirectory(), 'classes.jsa');
}

/** Java options that use the archive; none before set-up has made it. A JVM that it does not fit ignores it. */
export function classArchiveOptions(): string[] {
  return existsSync(classArchive()) ? [`"-XX:SharedArchiveFile=${classArchive()}"`] : [];
}
