import { type Glue, hasEnded, type JobRun } from '../aws/glue.ts';
import { paceFor, poll } from '../aws/poller.ts';
import type { Lake } from '../lake/lake.ts';
import type { Conversation } from './verb.ts';

/** A run of one job at its end; an interrupt stops it. */
export async function endedJobRun(
  lake: Lake,
  glue: Glue,
  job: string,
  id: string,
  conversation: Conversation,
): Promise<JobRun> {
  try {
    return await poll({
      look: () => glue.jobRun(job, id),
      done: hasEnded,
      waiting: (seconds) => conversation.say(`  … ${seconds} s`),
      pace: paceFor(lake.connection),
      clock: conversation.clock,
      signal: conversation.signal,
    });
  } catch (error) {
    if (conversation.signal.aborted) {
      await glue.stopJobRun(job, id);
      conversation.say(`job run ${id} is being stopped`);
    }
    throw error;
  }
}
