import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { missing, TerraformError } from './errors.ts';

/** Lines of a plan that tell how far it is. */
const PROGRESS = /^\S.*: (Refreshing state|Reading|Still reading|Read complete|Preparing import)/;

export type CommandOptions = {
  readonly args: readonly string[];
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  /** Exit statuses that are not failures; Terraform's `plan -detailed-exitcode` answers 2 for changes. */
  readonly accept?: readonly number[];
  readonly onLine: (line: string) => void;
  /** Standard output may hold secrets: nobody hears more of it than how far it is, and no error repeats it. */
  readonly secret?: boolean;
  /** Asks the command to end in good order, as Ctrl-C does; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Hears the process group of the command, which is its own, as soon as it runs. */
  readonly onProcess?: (group: number) => void;
};

/**
 * Runs `terraform` with an argument array, never through a shell, and without standard input, so that it can ask
 * nothing. Gives its exit status and standard output. Throws a {@link TerraformError} for any other exit status than
 * 0 and those accepted, and when there is no `terraform`.
 */
export function runTerraform(
  options: CommandOptions,
): Promise<{ readonly status: number; readonly stdout: string }> {
  const { args, directory, env, onLine, signal, secret = false, accept = [0] } = options;
  return new Promise((resolve, reject) => {
    const child = spawn('terraform', args, {
      cwd: directory,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C reaches a whole process group, and a second one makes Terraform drop what it is doing.
      detached: options.onProcess !== undefined || signal !== undefined,
    });
    const interrupt = () => child.kill('SIGINT');
    signal?.addEventListener('abort', interrupt, { once: true });
    if (signal?.aborted) interrupt();
    const stdout: string[] = [];
    const stderr: string[] = [];
    for (const [stream, lines] of [
      [child.stdout, stdout],
      [child.stderr, stderr],
    ] as const) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (!secret || stream === child.stderr || PROGRESS.test(line)) onLine(line);
      });
    }
    child.on('spawn', () => {
      if (child.pid !== undefined) options.onProcess?.(child.pid);
    });
    child.on('error', (error) => reject(missing(error)));
    child.on('close', (status, killedBy) => {
      signal?.removeEventListener('abort', interrupt);
      if (signal?.aborted) reject(signal.reason);
      else if (status !== null && accept.includes(status)) resolve({ status, stdout: stdout.join('\n') });
      else {
        const said = (secret || stderr.some((line) => line.trim() !== '') ? stderr : stdout).join('\n');
        reject(
          new TerraformError({
            command: args[0] ?? '',
            status: killedBy ?? String(status),
            directory,
            output: said,
          }),
        );
      }
    });
  });
}
