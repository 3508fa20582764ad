import { z } from 'zod';
import type { Target } from './calls.ts';

/**
 * A fault for the next calls that match. `operation` may end in `*`; `skip` calls pass first, then `times` are hit.
 * - `throttle` and `error` answer without doing the work;
 * - `delay` waits `milliseconds`, then does it;
 * - `cut-before` and `cut-after` close the connection before or after the work;
 * - `kill-before` and `kill-after` send SIGKILL to `pid` before or after the work (and cut the connection).
 *
 * The operation `execution:DDL` (`:DML`, `:UTILITY`) of AmazonAthena is no call but the execution of such a statement; its
 * only action is `delay`: it takes at least so long.
 */
const FAULT = z.object({
  service: z.string().default('*'),
  operation: z.string().default('*'),
  mutating: z.boolean().optional(),
  action: z.enum(['throttle', 'error', 'delay', 'cut-before', 'cut-after', 'kill-before', 'kill-after']),
  skip: z.number().int().min(0).default(0),
  times: z.number().int().min(1).default(1),
  milliseconds: z.number().int().min(0).default(0),
  status: z.number().int().default(500),
  code: z.string().default('InternalServiceException'),
  pid: z.number().int().positive().optional(),
  /** Whether `pid` stands for its whole process group. */
  group: z.boolean().default(false),
});
export type Fault = z.infer<typeof FAULT>;

const EXECUTION = 'execution:';

/** The faults that are waiting for calls. */
export function createFaults() {
  let waiting: Fault[] = [];
  return {
    /** Adds a fault; throws ZodError when the description is not one. */
    add(description: unknown): Fault {
      const fault = FAULT.parse(description);
      waiting.push(fault);
      return fault;
    },
    clear(): void {
      waiting = [];
    },
    /** The fault that hits this call, counted down; `undefined` for most calls. */
    take(target: Target): Fault | undefined {
      return first((fault) => matches(fault, target));
    },
    /** Milliseconds that the execution of a statement takes at least. */
    leastExecution(type: string): number {
      const wanted = `${EXECUTION}${type}`;
      return first((fault) => fault.action === 'delay' && fault.operation === wanted)?.milliseconds ?? 0;
    },
  };

  function first(hits: (fault: Fault) => boolean): Fault | undefined {
    for (const fault of waiting) {
      if (!hits(fault)) continue;
      if (fault.skip > 0) {
        fault.skip -= 1;
        continue;
      }
      fault.times -= 1;
      if (fault.times === 0) waiting = waiting.filter((other) => other !== fault);
      return fault;
    }
    return undefined;
  }
}
export type Faults = ReturnType<typeof createFaults>;

function matches(fault: Fault, target: Target): boolean {
  if (fault.mutating !== undefined && fault.mutating !== target.mutating) return false;
  return like(fault.service, target.service) && like(fault.operation, target.operation);
}

function like(pattern: string, text: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : pattern === text;
}
