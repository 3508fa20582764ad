import { spawn } from 'node:child_process';

/** A command's whole output, kept to show when it fails. */
export type CommandOptions = {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cure: string;
};

/**
 * Runs a program with an argument array (never a shell) and returns its standard output.
 * Throws with the command, its last lines of output and the cure when it exits with another status than 0.
 */
export function run(program: string, args: readonly string[], options: CommandOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: options.env ?? process.env,
    });
    const stdout: Buffer[] = [];
    const all: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout.push(chunk);
      all.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => all.push(chunk));
    child.on('error', (error) => reject(failure(error.message)));
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(stdout).toString('utf8'));
      else reject(failure(`exit status ${code}\n${lastLines(Buffer.concat(all).toString('utf8'), 15)}`));
    });
    function failure(reason: string): Error {
      return new Error(`${program} ${args.join(' ')}\n  failed: ${reason}\n  cure: ${options.cure}`);
    }
  });
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
