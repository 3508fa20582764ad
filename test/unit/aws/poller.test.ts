import { describe, expect, it } from 'vitest';
import { type Clock, poll } from '../../../src/aws/poller.ts';

function recordedClock(): Clock & { pauses: number[] } {
  const pauses: number[] = [];
  return {
    pauses,
    now: () => pauses.reduce((sum, pause) => sum + pause, 0),
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      pauses.push(milliseconds);
    },
  };
}

const pace = { first: 100, longest: 300 };

describe('the poller', () => {
  it('returns what it saw when the thing was done, without a pause if it was done at once', async () => {
    const clock = recordedClock();
    expect(await poll({ look: async () => 7, done: () => true, pace, clock })).toBe(7);
    expect(clock.pauses).toEqual([]);
  });

  it('waits longer and longer, up to the longest pause', async () => {
    const clock = recordedClock();
    let looks = 0;
    await poll({ look: async () => ++looks, done: (value) => value === 6, pace, clock });
    expect(clock.pauses).toEqual([100, 150, 225, 300, 300]);
  });

  it('is quick again after news', async () => {
    const clock = recordedClock();
    const states = ['a', 'a', 'a', 'b', 'b', 'end'];
    let at = 0;
    await poll({
      look: async () => states[at++] ?? 'end',
      done: (state) => state === 'end',
      news: (state) => state,
      pace,
      clock,
    });
    expect(clock.pauses).toEqual([100, 150, 225, 100, 150]);
  });

  it('tells every five seconds how long there has been no news', async () => {
    const clock = recordedClock();
    const told: number[] = [];
    let looks = 0;
    await poll({
      look: async () => ++looks,
      done: (value) => value === 14,
      news: (value) => (value < 3 ? 'early' : 'late'),
      waiting: (seconds) => told.push(seconds),
      pace: { first: 1_000, longest: 1_000 },
      clock,
    });
    expect(told).toEqual([5, 10]);
  });

  it('ends with the reason of an abort', async () => {
    const controller = new AbortController();
    const clock = recordedClock();
    const look = async () => controller.abort(new Error('interrupted'));
    await expect(poll({ look, done: () => false, pace, clock, signal: controller.signal })).rejects.toThrow(
      'interrupted',
    );
  });
});
