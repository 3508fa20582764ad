import { setTimeout as timeout } from 'node:timers/promises';

/** Time as the pollers see it: tests bring their own. `sleep` rejects with the signal's reason when it aborts. */
export type Clock = {
  now(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    signal?.throwIfAborted();
    try {
      await timeout(milliseconds, undefined, signal === undefined ? undefined : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};

/** Milliseconds between two looks: the first pause, and the longest one it grows to while nothing happens. */
export type Pace = { readonly first: number; readonly longest: number };

/** AWS counts requests, a local lake does not. */
export function paceFor(connection: { readonly endpoint?: string }): Pace {
  return connection.endpoint === undefined ? { first: 500, longest: 10_000 } : { first: 100, longest: 500 };
}

const GROWTH = 1.5;
/** After so long without news a person is told that it still goes on. */
const SILENCE_MS = 5_000;

/**
 * Looks again and again until `done`, and returns what it saw then. Each pause is 1.5 times the last one, and back to
 * the first when `news` (a text of what matters in the value) has changed. `waiting` hears the seconds since then, every
 * five. Throws the signal's reason when it aborts.
 */
export async function poll<T>(options: {
  readonly look: () => Promise<T>;
  readonly done: (value: T) => boolean;
  readonly news?: (value: T) => string;
  readonly waiting?: (seconds: number) => void;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}): Promise<T> {
  let pause = options.pace.first;
  let last: string | undefined;
  let since = options.clock.now();
  let told = since;
  for (;;) {
    options.signal?.throwIfAborted();
    const value = await options.look();
    if (options.done(value)) return value;
    const news = options.news?.(value);
    const now = options.clock.now();
    if (news !== last) {
      pause = options.pace.first;
      since = now;
      told = now;
    } else if (now - told >= SILENCE_MS) {
      options.waiting?.(Math.round((now - since) / 1000));
      told = now;
    }
    last = news;
    await options.clock.sleep(pause, options.signal);
    pause = Math.min(pause * GROWTH, options.pace.longest);
  }
}
