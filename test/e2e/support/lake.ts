import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type LakeFile, readLakeFile } from '../../../src/local/lakes.ts';
import { REPOSITORY } from '../../../src/local/toolchain.ts';

/** The lake that all end-to-end tests of this worker share; it is up while they run. */
export function sharedLake(): LakeFile {
  const lake = readLakeFile(inject('lakeNames')[Number(process.env.VITEST_POOL_ID) - 1] ?? '');
  if (lake === undefined) throw new Error('the lake of the end-to-end tests is not up');
  return lake;
}

export type Output = { readonly status: number; readonly stdout: string; readonly stderr: string };

export type ProgramOptions = {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly cwd?: string;
};

/** Runs a program to its end and keeps what it printed. */
export function program(
  command: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? REPOSITORY,
      env: { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      output.stdout += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output.stderr += chunk.toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ status: code ?? 1, ...output }));
    child.stdin.end(options.input ?? '');
  });
}

/** Runs `mydatahub ARGS` against the shared lake, as a person would. */
export function mydatahub(...args: string[]): Promise<Output> {
  return program(process.execPath, [join(REPOSITORY, 'bin', 'mydatahub.js'), ...args], {
    env: { MYDATAHUB_LAKE: `local:${sharedLake().name}` },
  });
}

/** Runs a verb with `--json`; throws with all it printed when it fails. */
export async function verb<Result>(...args: string[]): Promise<Result> {
  const output = await mydatahub(...args, '--json');
  if (output.status !== 0) {
    throw new Error(
      `mydatahub ${args.join(' ')}: status ${output.status}\n${output.stderr}\n${output.stdout}`,
    );
  }
  return JSON.parse(output.stdout) as Result;
}

export type QueryResult = { readonly columns: string[]; readonly rows: (string | null)[][] };

/** The same SQL text in either engine; all values as text. */
export async function query(engine: 'athena' | 'spark', sql: string): Promise<QueryResult> {
  const output = await mydatahub('query', '--engine', engine, '--format', 'json', sql);
  if (output.status !== 0) throw new Error(`${engine}: ${sql.slice(0, 200)}\n${output.stderr}`);
  return JSON.parse(output.stdout) as QueryResult;
}

/** What other AWS clients need to reach the shared lake. */
export function clientEnvironment(): NodeJS.ProcessEnv {
  const lake = sharedLake();
  return {
    AWS_ENDPOINT_URL: lake.endpoint,
    AWS_REGION: lake.region,
    AWS_DEFAULT_REGION: lake.region,
    AWS_ACCESS_KEY_ID: lake.access_key_id,
    AWS_SECRET_ACCESS_KEY: lake.secret_access_key,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

export type RecordedCall = {
  readonly sequence: number;
  readonly service: string;
  readonly operation: string;
  readonly mutating: boolean;
};

/** The gateway's record after a sequence number, and the newest number. */
export async function recordedCalls(since: number): Promise<{ last: number; calls: RecordedCall[] }> {
  const response = await fetch(`${sharedLake().endpoint}/_mydatahub/calls?since=${since}`);
  return (await response.json()) as { last: number; calls: RecordedCall[] };
}
