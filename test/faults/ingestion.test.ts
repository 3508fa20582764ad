import { describe, expect, it } from 'vitest';
import { killAndRunAgain, type Run, record, WANTED } from './kill-points.ts';

/** Every mutating call of two recorded runs: the first, which makes the tables, and one that corrects and removes. */
const calls = await record('recorded');

describe('an ingestion that is killed and run again leaves the right rows', () => {
  let count = 0;
  for (const run of ['first', 'second'] as Run[]) {
    for (const [skip, { service, operation }] of calls[run].entries()) {
      for (const action of ['kill-before', 'kill-after'] as const) {
        const name = `point_${++count}`;
        it(`${action} call ${skip + 1} of the ${run} run, ${service} ${operation}`, async () => {
          expect(await killAndRunAgain(name, { run, skip, action })).toEqual(WANTED);
        });
      }
    }
  }
});
