import type { TestProject } from 'vitest/node';
import { stopLake } from '../../../src/local/stop.ts';
import { up } from '../../../src/local/up.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** One for each worker. */
    lakeNames: readonly string[];
  }
}

/** One lake for each worker, which runs its test files one after another. They hang on this process, so they end even when the tests are killed. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { testFiles } = await project.globTestFiles(filters());
  const count = Math.min(project.config.maxWorkers ?? 1, testFiles.length);
  const names = Array.from({ length: count }, (_, i) => `${project.name}-${process.pid}-${i + 1}`);
  const end = async () => {
    await Promise.all(names.map((name) => stopLake(name)));
  };
  const lakes = await Promise.allSettled(names.map((name) => up(`local:${name}`, { keep: false })));
  for (const lake of lakes) {
    if (lake.status === 'fulfilled') continue;
    await end();
    throw lake.reason;
  }
  project.provide('lakeNames', names);
  return end;
}

/** The files that the command line asks for; all without. */
function filters(): string[] {
  return process.argv.slice(2).filter((word) => word.endsWith('.test.ts'));
}
