import { type Glue, openGlue, type RunProperties, type WorkflowRun } from '../aws/glue.ts';
import type { Lake } from '../lake/lake.ts';
import { forgetPublishedViews } from '../lake/lake-state.ts';
import { pendingWork } from '../lake/pending.ts';
import { followIngestion } from './follow-ingestion.ts';
import { withRun } from './start-run.ts';
import type { Conversation } from './verb.ts';

export type IngestionJob = { readonly job: string; readonly id: string; readonly state: string };
export type RunIngestionResult = {
  /** `null` when no run was started. */
  readonly run_id: string | null;
  readonly status: 'UNCHANGED' | WorkflowRun['status'];
  readonly jobs: readonly IngestionJob[];
};
export type RunIngestionOptions = {
  /** Start a run even without new data: the views are published and verified again. */
  readonly refresh: boolean;
  /** Ingest every source file again and swap the table's content in one commit. */
  readonly full: boolean;
  /** Let removed or shrunken files take more than 20 % of the rows with them. */
  readonly confirmRemovals: boolean;
  /** Publish every view anew, also those that nothing says have changed. */
  readonly republish: boolean;
  readonly waitForRunning: boolean;
};

/**
 * Starts a run of the workflow when there is work to do, and follows it until its ingestion job has ended; views and
 * their check go on in the same run. An interrupt stops the run. Throws VerbFailure when the job fails.
 */
export async function runIngestion(
  lake: Lake,
  options: RunIngestionOptions,
  conversation: Conversation,
): Promise<RunIngestionResult> {
  const glue = openGlue(lake.connection, lake.config.log_group);
  if (options.republish) await forgetPublishedViews(lake);
  const { waitForRunning } = options;
  const work = await reasonFor(lake, glue, options);
  if (work === null) {
    conversation.say(
      'nothing to do: every source file is in the table, its views are published and verified',
    );
    return { run_id: null, status: 'UNCHANGED', jobs: [] };
  }
  return withRun(
    lake,
    glue,
    work,
    { properties: propertiesOf(options), waitForRunning },
    conversation,
    (id) => followIngestion(lake, glue, id, conversation),
  );
}

/** How the jobs of one run hear what they were asked for: they read the properties of their run. */
function propertiesOf({ refresh, full, confirmRemovals }: RunIngestionOptions): RunProperties {
  return {
    ...(refresh ? { refresh: 'true' } : {}),
    ...(full ? { full: 'true' } : {}),
    ...(confirmRemovals ? { confirm_removals: 'true' } : {}),
  };
}

async function reasonFor(lake: Lake, glue: Glue, options: RunIngestionOptions): Promise<string | null> {
  if (options.full) return 'everything is ingested again';
  if (options.refresh) return 'the views are refreshed';
  return pendingWork(lake, glue);
}
