import { openGlue, type WorkflowRun } from '../aws/glue.ts';
import { type Snapshot, snapshotToRollBackTo } from '../lake/history.ts';
import type { Lake } from '../lake/lake.ts';
import { readHolds } from '../lake/lake-state.ts';
import type { HeldContent } from '../lake/state.ts';
import { type ViewWarnings, viewWarnings } from '../lake/view-warnings.ts';
import { followIngestion } from './follow-ingestion.ts';
import { history } from './history.ts';
import type { ViewCondition } from './inspect-views.ts';
import type { JobResult } from './job-result.ts';
import { counted } from './progress.ts';
import { coversWork } from './running-run.ts';
import { withRun } from './start-run.ts';
import type { Conversation } from './verb.ts';
import { waitForViews } from './wait-for-views.ts';

export type RollbackResult = {
  /** `null` when the table is there already. */
  readonly run_id: string | null;
  readonly status: 'UNCHANGED' | WorkflowRun['status'];
  /** Where the table was, and where it is. */
  readonly from: string | null;
  readonly to: string;
  readonly jobs: readonly JobResult[];
  readonly views: readonly ViewCondition[];
  /** Contents that no ingestion brings back until they are released. */
  readonly held: readonly HeldContent[];
} & ViewWarnings;
export type RollbackOptions = { readonly to: string; readonly waitForRunning: boolean };

/**
 * Takes the entity table back to a snapshot (its id, or a time), lets the views follow, and waits for both. What was
 * undone is held. The ingestion job does it, so it never meets an ingestion half-way. Throws VerbFailure or ExplainedError.
 */
export async function rollback(
  lake: Lake,
  { to, waitForRunning }: RollbackOptions,
  conversation: Conversation,
): Promise<RollbackResult> {
  const { snapshots } = await history(lake);
  const target = snapshotToRollBackTo(snapshots, to);
  const from = currentOf(snapshots);
  const move = { from, to: target.snapshot_id };
  const glue = openGlue(lake.connection, lake.config.log_group);
  const why = `the table goes back to snapshot ${target.snapshot_id} of ${target.time}`;
  const wanted = { why, properties: { rollback_to: target.snapshot_id } };
  const options = {
    // A run that has taken the table there may still be at its views.
    wanted: async () =>
      currentOf((await history(lake)).snapshots) !== target.snapshot_id ||
      (await glue.workflowRuns(lake.config.workflow)).some((run) => coversWork(run, wanted.properties))
        ? wanted
        : null,
    waitForRunning,
  };
  const run = await withRun(lake, glue, options, conversation, async (found) => {
    await followIngestion(lake, glue, found, conversation);
    return waitForViews(lake, found.id, conversation);
  });
  if (run === null) {
    conversation.say(`nothing to do: the table is at snapshot ${from} of ${target.time}`);
    const held = await heldContents(lake);
    return {
      run_id: null,
      status: 'UNCHANGED',
      ...move,
      jobs: [],
      views: [],
      held,
      ...viewWarnings(undefined),
    };
  }
  const held = await heldContents(lake);
  if (held.length > 0)
    conversation.say(
      `${counted(held.length, 'content')} held: not ingested again until released (${lake.call('release')})`,
    );
  return { ...run, ...move, held };
}

function currentOf(snapshots: readonly Snapshot[]): string | null {
  return snapshots.find(({ state }) => state === 'current')?.snapshot_id ?? null;
}

/** What is held, in the order of paths. */
export async function heldContents(lake: Lake): Promise<HeldContent[]> {
  const contents = (await readHolds(lake))?.contents ?? [];
  return [...contents].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}
