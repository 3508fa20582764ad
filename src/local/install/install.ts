import { fetchProvider, providerCache } from '../../terraform/providers.ts';
import { classArchiveDirectory } from '../spark/class-archive.ts';
import { fillClassArchive } from '../spark/warm-up.ts';
import { toolchain } from '../toolchain.ts';
import { installJars, installTrino } from './maven.ts';
import { isInstalled, once } from './once.ts';
import { step } from './progress.ts';
import { installPython } from './python.ts';

/** The folders of the toolchain that are not filled yet. */
export function missingParts(): string[] {
  return parts()
    .filter((part) => !isInstalled(part.directory))
    .map((part) => part.title);
}

/** Fills the cache with everything the engines need. Downloads nothing when all is there. */
export async function install(): Promise<void> {
  for (const part of parts()) {
    if (!isInstalled(part.directory))
      await step(`setup: ${part.title}`, () => once(part.directory, part.fill));
  }
}

function parts(): { title: string; directory: string; fill: () => Promise<void> }[] {
  const { pythonHome, jars, trinoHome } = toolchain();
  return [
    { title: 'Python packages (Spark, moto, Java 25 for Trino)', directory: pythonHome, fill: installPython },
    { title: 'Iceberg JARs', directory: jars, fill: installJars },
    { title: 'Trino', directory: trinoHome, fill: installTrino },
    { title: 'Terraform AWS provider', directory: providerCache(), fill: () => fetchProvider() },
    {
      title: 'class archive that lets Spark start quickly',
      directory: classArchiveDirectory(),
      fill: fillClassArchive,
    },
  ];
}
