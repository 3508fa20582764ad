import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startReaper } from '../local/reaper.ts';

/** Ends process groups when this process ends, however it ends. */
export type Guard = AsyncDisposable & { watch(processGroup: number): void };

/** Starts a guard: Terraform's providers are processes of their own, which a killed Terraform leaves behind. */
export function startGuard(): Guard {
  const reaper = startReaper(mkdtempSync(join(tmpdir(), 'mydatahub-guard-')));
  return { watch: reaper.watch, [Symbol.asyncDispose]: reaper.end };
}
