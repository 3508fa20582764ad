import { z } from 'zod';
import { stopQuery } from '../aws/athena.ts';
import type { Connection } from '../aws/connection.ts';
import { type Glue, hasEnded, openGlue } from '../aws/glue.ts';
import type { StartedWork } from '../verbs/verb.ts';
import { readInputs } from './inputs.ts';
import { connectionOfInputs, LAKE_INPUTS } from './lake-inputs.ts';

const startedWork: z.ZodType<StartedWork[]> = z.array(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.enum(['workflow-run', 'job-run']), name: z.string(), id: z.string() }),
    z.object({ kind: z.literal('query'), id: z.string() }),
  ]),
);

/**
 * Stops the runs and queries of the state `started` that still go on: the job was cancelled, and the step's own process
 * may have been killed before it could, or had ended well while its workflow run went on.
 */
export async function stopStarted(
  verb: string,
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<void> {
  const state = env.STATE_started;
  if (state === undefined || state === '') return;
  const connection = connectionOfInputs(readInputs(verb, LAKE_INPUTS, env), env);
  const glue = openGlue(connection);
  for (const work of startedWork.parse(JSON.parse(state))) {
    if (await stopped(work, glue, connection))
      say(`${work.kind.replace('-', ' ')} ${work.id} is being stopped`);
  }
}

/** Whether there was anything to stop. */
async function stopped(work: StartedWork, glue: Glue, connection: Connection): Promise<boolean> {
  switch (work.kind) {
    case 'query':
      return stopQuery(connection, work.id);
    case 'job-run':
      if (hasEnded(await glue.jobRun(work.name, work.id))) return false;
      await glue.stopJobRun(work.name, work.id);
      return true;
    case 'workflow-run':
      if ((await glue.workflowRun(work.name, work.id)).status !== 'RUNNING') return false;
      await glue.stopWorkflowRun(work.name, work.id);
      return true;
  }
}
