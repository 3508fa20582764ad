import { defineConfig } from 'vitest/config';

/** Tests that share a lake for each worker: two of them keep two cores busy, since each of them waits half its time. */
function onLakes(
  name: string,
  folder: string,
  maxWorkers: number,
  groupOrder: number,
  before: string[] = [],
) {
  return {
    test: {
      name,
      include: [`test/${folder}/**/*.test.ts`],
      globalSetup: [...before, 'test/e2e/support/setup.ts'],
      maxWorkers,
      sequence: { groupOrder },
      testTimeout: 300_000,
      hookTimeout: 300_000,
    },
  };
}

/**
 * `unit` tests one part each, some beside a real moto; `e2e` starts whole lakes; `operations` does in them what operators
 * do: Terraform as a whole, deploying, permissions, going back in time; `faults` kills in one, which takes long;
 * `workflows` runs what GitHub would run, by act. All need `make setup`.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      onLakes('e2e', 'e2e', 2, 1),
      onLakes('operations', 'operations', 2, 2),
      onLakes('faults', 'faults', 1, 3),
      onLakes('workflows', 'workflows', 1, 4, ['test/workflows/support/setup.ts']),
    ],
  },
});
