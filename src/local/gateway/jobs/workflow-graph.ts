import type { JsonObject } from '../protocol.ts';
import { nodeId } from './ids.ts';
import { type JobRun, jobRunStructure } from './job-run.ts';
import { type Trigger, triggerStructure } from './trigger-definition.ts';

/**
 * The Glue `WorkflowGraph`: a node for each trigger and each job, an edge from a trigger to each job that it starts and
 * from a job to each trigger that waits for it. `jobRuns` are those of one workflow run, none for the workflow itself.
 */
export function workflowGraph(
  workflow: string,
  triggers: readonly Trigger[],
  jobRuns: readonly JobRun[],
): JsonObject {
  const now = Date.now();
  const jobs = new Set(
    triggers.flatMap(({ actions, conditions }) => [...actions, ...conditions].map(({ jobName }) => jobName)),
  );
  const node = (type: 'TRIGGER' | 'JOB', name: string, details: JsonObject): JsonObject => ({
    Type: type,
    Name: name,
    UniqueId: nodeId(workflow, type, name),
    ...details,
  });
  const runsOf = (job: string) =>
    jobRuns.filter((run) => run.jobName === job).map((run) => jobRunStructure(run, now));
  const edges = triggers.flatMap(({ name, actions, conditions }) => {
    const trigger = nodeId(workflow, 'TRIGGER', name);
    const watched = new Set(conditions.map(({ jobName }) => nodeId(workflow, 'JOB', jobName)));
    return [
      ...[...watched].map((job) => ({ SourceId: job, DestinationId: trigger })),
      ...actions.map(({ jobName }) => ({
        SourceId: trigger,
        DestinationId: nodeId(workflow, 'JOB', jobName),
      })),
    ];
  });
  return {
    Nodes: [
      ...triggers.map((trigger) =>
        node('TRIGGER', trigger.name, { TriggerDetails: { Trigger: triggerStructure(trigger) } }),
      ),
      ...[...jobs].map((job) => node('JOB', job, { JobDetails: { JobRuns: runsOf(job) } })),
    ],
    Edges: edges,
  };
}
