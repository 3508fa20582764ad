import type { TestProject } from 'vitest/node';
import { stopLake } from '../../../src/local/stop.ts';
import { up } from '../../../src/local/up.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    lakeName: string;
  }
}

/** One lake for all end-to-end tests. It hangs on this process, so it ends even when the tests are killed. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const name = `e2e-${process.pid}`;
  await up(`local:${name}`, { keep: false });
  project.provide('lakeName', name);
  return async () => {
    await stopLake(name);
  };
}
