import { describe, expect, it } from 'vitest';
import { killAndPushAgain, PUSHED, recordPushes } from './push-points.ts';

/** Every mutating call of two recorded pushes: the first, and one that corrects, removes and adds. */
const calls = await recordPushes('recorded-pushes');

describe('a push that is killed and done again leaves the right files', () => {
  let count = 0;
  for (const push of ['first', 'second'] as const) {
    for (const [skip, { operation }] of calls[push].entries()) {
      for (const action of ['kill-before', 'kill-after'] as const) {
        const name = `push-${++count}`;
        it(`${action} call ${skip + 1} of the ${push} push, ${operation}`, async () => {
          expect(await killAndPushAgain(name, { push, skip, action })).toEqual(PUSHED);
        });
      }
    }
  }
});
