import type { LocalLake } from '../../lake.ts';
import type { SparkEngine } from '../../spark/spark-engine.ts';
import type { Operations } from '../protocol.ts';
import type { Tags } from '../tags.ts';
import { createJobDefinitions } from './job-definitions.ts';
import { jobRunOperations } from './job-run-operations.ts';
import { createJobRuns } from './job-runs.ts';
import { createSessions } from './sessions.ts';
import { createTriggers, type Triggers } from './triggers.ts';
import { createWorkflowRuns } from './workflow-runs.ts';
import { createWorkflows } from './workflows.ts';

export type JobsOptions = {
  readonly lake: LocalLake;
  readonly tags: Tags;
  readonly engine: SparkEngine;
};

/** The half of Glue that runs things: jobs, runs, triggers, workflows and interactive sessions. */
export type Jobs = { readonly operations: Operations; close(): Promise<void> };

export function createJobs(options: JobsOptions): Jobs {
  const { lake, tags, engine } = options;
  const definitions = createJobDefinitions(lake, tags);
  const runs = createJobRuns(definitions, engine);
  const workflows = createWorkflows({
    lake,
    tags,
    runs: createWorkflowRuns(runs),
    triggersOf: (workflow) => triggers.ofWorkflow(workflow),
  });
  const triggers: Triggers = createTriggers({
    lake,
    tags,
    runs,
    startWorkflow: (name) => void workflows.start(name),
    requireWorkflow: workflows.require,
  });
  const sessions = createSessions(lake, tags, engine);
  return {
    operations: {
      ...definitions.operations,
      ...jobRunOperations(definitions, runs),
      ...triggers.operations,
      ...workflows.operations,
      ...sessions.operations,
    },
    async close() {
      triggers.close();
      await Promise.all([runs.close(), sessions.close()]);
    },
  };
}
