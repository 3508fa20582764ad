import { hasEnded, type JobRun } from '../aws/glue.ts';
import type { Logs } from '../aws/logs.ts';
import { isResultLine } from '../lake/result-lines.ts';
import { TRACEBACK, withoutToldFailure } from './told-failure.ts';
import type { Conversation } from './verb.ts';

/** Lines of a failed job shown at the end, and those that are read for it. */
const TAIL = 20;
const READ = 100;

/**
 * Says the output lines of a job run as they come, each once. Call it again and again, and once after the end: a traceback
 * waits for it, since only then it is known whether the run tells the same in fewer words. It returns the number of lines
 * said by now.
 */
export function followLog(
  logs: Pick<Logs, 'read'>,
  conversation: Pick<Conversation, 'log'>,
): (run: JobRun) => Promise<number> {
  let token: string | undefined;
  let waiting: string[] = [];
  let said = 0;
  return async (run) => {
    const page = await logs.read(`${run.logGroup}/output`, run.id, token);
    token = page.token;
    const lines = [...waiting, ...page.lines.filter((line) => !isResultLine(line))];
    const traceback = hasEnded(run) ? -1 : lines.indexOf(TRACEBACK);
    waiting = traceback < 0 ? [] : lines.splice(traceback);
    const told = hasEnded(run) ? withoutToldFailure(lines, run) : lines;
    for (const line of told) conversation.log(run.job, line);
    said += told.length;
    return said;
  };
}

/** The last lines of a job run's output, or of its error log when it printed nothing. */
export async function lastLines(logs: Pick<Logs, 'tail'>, run: JobRun): Promise<string[]> {
  const output = await logs.tail(`${run.logGroup}/output`, run.id, READ);
  const lines = output.length > 0 ? output : await logs.tail(`${run.logGroup}/error`, run.id, READ);
  return withoutToldFailure(lines, run).slice(-TAIL);
}
