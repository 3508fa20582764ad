import type { JobRun } from '../aws/glue.ts';
import type { Logs } from '../aws/logs.ts';
import { isResultLine } from '../lake/result-lines.ts';
import type { Conversation } from './verb.ts';

/** Lines of a failed job shown at the end. */
const TAIL = 20;

/**
 * Says the output lines of a job run as they come, each once. Call it again and again, and once after the end.
 * It returns the number of lines said by now.
 */
export function followLog(logs: Logs, conversation: Conversation): (run: JobRun) => Promise<number> {
  let token: string | undefined;
  let said = 0;
  return async (run) => {
    const page = await logs.read(`${run.logGroup}/output`, run.id, token);
    token = page.token;
    const lines = page.lines.filter((line) => !isResultLine(line));
    for (const line of lines) conversation.log(run.job, line);
    said += lines.length;
    return said;
  };
}

/** The last lines of a job run's output, or of its error log when it printed nothing. */
export async function lastLines(logs: Logs, run: JobRun): Promise<string[]> {
  const output = await logs.tail(`${run.logGroup}/output`, run.id, TAIL);
  return output.length > 0 ? output : logs.tail(`${run.logGroup}/error`, run.id, TAIL);
}
