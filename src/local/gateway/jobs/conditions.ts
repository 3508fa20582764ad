import type { JobRun, Predecessor } from './job-run.ts';
import type { Trigger } from './trigger-definition.ts';

/** What conditional triggers have seen so far: of one workflow run, or outside of workflows. */
export type Watch = {
  /** The runs that made a trigger's conditions true, when this run's end is the last one it waited for. */
  observe(trigger: Trigger, run: JobRun): readonly Predecessor[] | undefined;
};

/**
 * After it has fired, a trigger waits for all its conditions anew. A job that ends in another state than the
 * condition's makes that condition false again.
 */
export function createWatch(): Watch {
  const met = new Map<string, Map<number, Predecessor>>();
  return {
    observe(trigger, run) {
      const found = met.get(trigger.name) ?? new Map<number, Predecessor>();
      met.set(trigger.name, found);
      let changed = false;
      for (const [index, condition] of trigger.conditions.entries()) {
        if (condition.jobName !== run.jobName) continue;
        if (condition.state === run.state) {
          found.set(index, { JobName: run.jobName, RunId: run.id });
          changed = true;
        } else found.delete(index);
      }
      const enough = trigger.anyCondition ? 1 : trigger.conditions.length;
      if (!changed || found.size < enough) return undefined;
      met.delete(trigger.name);
      return [...found.values()];
    },
  };
}
