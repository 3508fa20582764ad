import { CommanderError } from 'commander';
import { ExplainedError } from '../lake/explained-error.ts';
import { failureText } from '../verbs/failure.ts';

/** Runs the command and returns the exit status: 0 only when it did its whole work, 2 for a wrong call. */
export async function run(command: () => Promise<unknown>): Promise<number> {
  // A reader of our output that goes away, such as `head`, is no failure worth a stack trace.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(1);
    throw error;
  });
  try {
    await command();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return wrongCall(error);
    process.stderr.write(`${failureText(error)}\n`);
    if (process.env.MYDATAHUB_DEBUG === '1' && error instanceof Error) {
      process.stderr.write(`${error.stack}\n`);
      if (error.cause instanceof Error) process.stderr.write(`caused by ${error.cause.stack}\n`);
    }
    return error instanceof ExplainedError ? error.exitStatus : 1;
  }
}

/** Commander has said what is wrong on standard error; a program that asked for JSON gets it there as well. */
function wrongCall(error: CommanderError): number {
  if (error.exitCode === 0) return 0;
  const what = error.message.replace(/^error: /, '');
  const document = { error: { what, where: null, why: null, cure: 'npx mydatahub --help lists the verbs' } };
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(document)}\n`);
  return 2;
}
