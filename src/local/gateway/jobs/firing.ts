import { glueInput } from '../input.ts';
import { AwsError } from '../protocol.ts';
import type { Cause, JobRun } from './job-run.ts';
import type { JobRuns } from './job-runs.ts';
import type { Trigger } from './trigger-definition.ts';

export type Fired = { readonly started: readonly JobRun[]; readonly errors: readonly string[] };

/**
 * Starts the jobs of a trigger. An action that cannot start (its job runs already, or is not there) does not hold up
 * the others: nobody waits for an answer, so it is told in `errors`.
 */
export function fire(
  trigger: Trigger,
  runs: JobRuns,
  cause: Omit<Cause, 'triggerName'> = { predecessors: [] },
): Fired {
  const started: JobRun[] = [];
  const errors: string[] = [];
  for (const { jobName, input } of trigger.actions) {
    try {
      const settings = {
        Arguments: glueInput.stringMap(input, 'Arguments'),
        ...(input.Timeout === undefined ? {} : { Timeout: input.Timeout }),
      };
      started.push(runs.start(jobName, settings, { ...cause, triggerName: trigger.name }));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      errors.push(`${trigger.name}: ${error.code}: ${error.message}`);
    }
  }
  return { started, errors };
}
