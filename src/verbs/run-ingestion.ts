import { type Glue, openGlue, type RunProperties, type WorkflowRun } from '../aws/glue.ts';
import { type FilesOutside, filesOutside, whoIsInTheTable } from '../lake/files-outside.ts';
import type { SnapshotFile } from '../lake/history.ts';
import type { Lake } from '../lake/lake.ts';
import { forgetPublishedViews } from '../lake/lake-state.ts';
import { pendingWork } from '../lake/pending.ts';
import { workState } from '../lake/work-state.ts';
import { followIngestion, sayOutside } from './follow-ingestion.ts';
import type { JobResult } from './job-result.ts';
import { type WantedRun, withRun } from './start-run.ts';
import type { Conversation } from './verb.ts';

export type RunIngestionResult = {
  /** `null` when there was nothing to do. */
  readonly run_id: string | null;
  /** Whether it was started here; otherwise one was followed that did the same already. */
  readonly started: boolean;
  readonly status: 'UNCHANGED' | WorkflowRun['status'];
  readonly jobs: readonly JobResult[];
  /** What the run has done with which source file: at most 20 of them a commit. */
  readonly files: readonly SnapshotFile[];
  /** Files beyond those. */
  readonly files_more: number;
} & FilesOutside;
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
  /** Who asks, the same for each attempt: the address of a GitHub run. */
  readonly origin?: string | undefined;
};

/**
 * Sees that a run of the workflow does what there is to do, and follows it until its ingestion job has ended; views and
 * their check go on in the same run. A run under way that does it already is followed, else one is started. An interrupt
 * stops only the one that was started here. Throws VerbFailure when the job fails.
 */
export async function runIngestion(
  lake: Lake,
  options: RunIngestionOptions,
  conversation: Conversation,
): Promise<RunIngestionResult> {
  const glue = openGlue(lake.connection, lake.config.log_group);
  const { republish, waitForRunning } = options;
  const start = {
    wanted: () => wantedRun(lake, glue, options),
    ...(republish ? { prepare: () => forgetPublishedViews(lake) } : {}),
    waitForRunning,
  };
  const result = await withRun(lake, glue, start, conversation, (run) =>
    followIngestion(lake, glue, run, conversation),
  );
  if (result !== null) return result;
  const outside = await filesOutside(lake);
  conversation.say(`nothing to do: ${whoIsInTheTable(outside)}, its views are published and verified`);
  sayOutside(lake, outside, conversation);
  return {
    run_id: null,
    started: false,
    status: 'UNCHANGED',
    jobs: [],
    files: [],
    files_more: 0,
    ...outside,
  };
}

async function wantedRun(lake: Lake, glue: Glue, asked: RunIngestionOptions): Promise<WantedRun | null> {
  // Where nothing was ingested yet there is nothing to do again.
  const again = asked.full || asked.refresh || asked.republish;
  const { database, table } = lake.config;
  const first = again && (await glue.table(database, table)) === undefined;
  const options = first ? { ...asked, full: false, refresh: false, republish: false } : asked;
  const why = await reasonFor(lake, glue, options);
  if (why === null) return null;
  return { why, properties: { ...propertiesOf(options), covers: await workState(lake) } };
}

/** How the jobs of one run hear what they were asked for, and later callers what it does: properties of the run. */
function propertiesOf(options: RunIngestionOptions): RunProperties {
  const { refresh, full, confirmRemovals, republish, origin } = options;
  return {
    ...(refresh ? { refresh: 'true' } : {}),
    ...(full ? { full: 'true' } : {}),
    ...(confirmRemovals ? { confirm_removals: 'true' } : {}),
    ...(republish ? { republish: 'true' } : {}),
    ...(origin === undefined ? {} : { origin }),
  };
}

async function reasonFor(lake: Lake, glue: Glue, options: RunIngestionOptions): Promise<string | null> {
  if (options.full) return 'everything is ingested again';
  if (options.refresh || options.republish) return 'the views are refreshed';
  return pendingWork(lake, glue);
}
