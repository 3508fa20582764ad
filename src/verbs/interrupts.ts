import { ExplainedError } from '../lake/explained-error.ts';

/**
 * A signal that aborts at the first SIGINT or SIGTERM, so that a verb can put back what must be put back. A second
 * signal of the same kind ends the process at once.
 */
export function interrupts(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      const exitStatus = signal === 'SIGINT' ? 130 : 143;
      controller.abort(
        new ExplainedError({
          what: `interrupted by ${signal}`,
          cure: 'run it again when you are ready',
          exitStatus,
        }),
      );
    });
  }
  return controller.signal;
}
