import { describe, expect, it } from 'vitest';
import { type KillPoint, killAndRunAgain, WANTED } from '../faults/kill-points.ts';
import { killAndPushAgain, PUSHED, type PushPoint } from '../faults/push-points.ts';

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

const PUSH_POINTS: readonly (PushPoint & { name: string; title: string })[] = [
  { name: 'begun', title: 'when an upload in parts has begun', push: 'first', skip: 2, action: 'kill-after' },
  { name: 'part', title: 'before the second part', push: 'first', skip: 4, action: 'kill-before' },
  {
    name: 'corrected',
    title: 'when a correction has arrived',
    push: 'second',
    skip: 1,
    action: 'kill-after',
  },
  { name: 'removed', title: 'when a file is taken away', push: 'second', skip: 2, action: 'kill-after' },
];

describe('a push that is killed and done again leaves the right files', () => {
  for (const { name, title, ...point } of PUSH_POINTS) {
    it(title, async () => {
      expect(await killAndPushAgain(name, point)).toEqual(PUSHED);
    });
  }
});
