import { endOf, type Step, type StepOptions, type StepResult, spawnStep } from '../../support/step.ts';
import { clientEnvironment, sharedLake } from './lake.ts';

export type { Step, StepResult };

/** Starts an action of the bundle on the shared lake, the way GitHub's runner does. */
export function startStep(verb: string, options: StepOptions): Step {
  const lake = sharedLake();
  return spawnStep(verb, {
    ...options,
    inputs: { bucket: lake.bucket, 'aws-region': lake.region, ...options.inputs },
    env: { ...clientEnvironment(), ...options.env },
  });
}

/** Runs a step to its end. Throws with its log when it does not end with this exit status. */
export async function runStep(verb: string, options: StepOptions, status = 0): Promise<StepResult> {
  return endOf(verb, startStep(verb, options), status);
}
