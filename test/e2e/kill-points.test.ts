import { describe, expect, it } from 'vitest';
import { type KillPoint, killAndRunAgain, WANTED } from '../faults/kill-points.ts';

/** Four of the points that `make test-faults` goes through. */
const POINTS: readonly (KillPoint & { name: string; title: string })[] = [
  { name: 'table', title: 'while the table is made', run: 'first', skip: 2, action: 'kill-after' },
  { name: 'data', title: 'while the first rows are written', run: 'first', skip: 8, action: 'kill-before' },
  { name: 'early', title: 'before a correction is committed', run: 'second', skip: 5, action: 'kill-before' },
  { name: 'late', title: 'after a correction is committed', run: 'second', skip: 16, action: 'kill-after' },
];

describe('an ingestion that is killed and run again leaves the right rows', () => {
  for (const { name, title, ...point } of POINTS) {
    it(title, async () => {
      expect(await killAndRunAgain(name, point)).toEqual(WANTED);
    });
  }
});
