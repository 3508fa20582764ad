import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { missing, TerraformError } from './errors.ts';

export type CommandOptions = {
  readonly args: readonly string[];
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  /** Exit statuses that are not failures; Terraform's `plan -detailed-exitcode` answers 2 for changes. */
  readonly accept?: readonly number[];
  readonly onLine: (line: string) => void;
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
  const { args, directory, env, onLine, accept = [0] } = options;
  return new Promise((resolve, reject) => {
    const child = spawn('terraform', args, {
      cwd: directory,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: options.onProcess !== undefined,
    });
    const stdout: string[] = [];
    const stderr: string[] = [];
    for (const [stream, lines] of [
      [child.stdout, stdout],
      [child.stderr, stderr],
    ] as const) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        onLine(line);
      });
    }
    child.on('spawn', () => {
      if (child.pid !== undefined) options.onProcess?.(child.pid);
    });
    child.on('error', (error) => reject(missing(error)));
    child.on('close', (status, signal) => {
      if (status !== null && accept.includes(status)) resolve({ status, stdout: stdout.join('\n') });
      else {
        const said = (stderr.some((line) => line.trim() !== '') ? stderr : stdout).join('\n');
        reject(
          new TerraformError({
            command: args[0] ?? '',
            status: signal ?? String(status),
            directory,
            output: said,
          }),
        );
      }
    });
  });
}
