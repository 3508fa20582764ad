import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { folderOf, readActionFile } from '../../scripts/action-readmes.ts';
import { variableOf } from '../../src/actions/inputs.ts';

export type StepResult = {
  readonly status: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** What `main` left for `post`. */
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
};

export type Step = {
  readonly process: ChildProcess;
  readonly ended: Promise<StepResult>;
  /** Waits until the log holds this. Throws when the step ends before. */
  logged(text: string): Promise<void>;
};

export type StepOptions = {
  /** The caller's checkout. */
  readonly workspace: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Beside what every step has: credentials, and what the runner says about the event. */
  readonly env?: NodeJS.ProcessEnv;
  /** Runs `post` after a `main` that left this state. */
  readonly after?: StepResult | undefined;
};

/**
 * Starts an action of the bundle the way GitHub's runner does: action.yml's defaults and the step's inputs as INPUT_*, files
 * for outputs, state and summary, the workspace as working folder.
 */
export function spawnStep(verb: string, { workspace, inputs, env, after }: StepOptions): Step {
  const files = mkdtempSync(join(tmpdir(), 'mydatahub-step-'));
  const file = (name: string) => {
    writeFileSync(join(files, name), '');
    return join(files, name);
  };
  const action = readActionFile(verb);
  const all = Object.fromEntries(
    Object.entries(action.inputs).map(([name, about]) => [variableOf(name), about.default ?? '']),
  );
  for (const [name, value] of Object.entries(inputs ?? {})) all[variableOf(name)] = value;
  for (const [name, value] of Object.entries(after?.state ?? {})) all[`STATE_${name}`] = value;
  const script = after === undefined ? action.runs.main : (action.runs.post ?? '');
  const child = spawn(process.execPath, [join(folderOf(verb), script)], {
    cwd: workspace,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_OUTPUT: file('output'),
      GITHUB_STATE: file('state'),
      GITHUB_STEP_SUMMARY: file('summary'),
      RUNNER_TEMP: files,
      ...env,
      ...all,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  let over = false;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
  const ended = new Promise<StepResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      over = true;
      const text = (name: string) => readFileSync(join(files, name), 'utf8');
      resolve({
        status,
        log,
        outputs: assignments(text('output')),
        state: assignments(text('state')),
        summary: text('summary'),
      });
      if (existsSync(files)) rmSync(files, { recursive: true });
    });
  });
  return {
    process: child,
    ended,
    async logged(text) {
      while (!log.includes(text)) {
        if (over) throw new Error(`the step ended without ${text}:\n${log}`);
        await sleep(50);
      }
    },
  };
}

/** The result of a step. Throws with its log when it does not end with this exit status. */
export async function endOf(verb: string, step: Step, status: number): Promise<StepResult> {
  const result = await step.ended;
  if (result.status !== status) throw new Error(`${verb}: exit status ${result.status}\n${result.log}`);
  return result;
}

/** `name<<DELIMITER`, lines, `DELIMITER`; the last value of a name counts. */
function assignments(text: string): Record<string, string> {
  const found = text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value]));
}
