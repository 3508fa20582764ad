import { createJobs } from '../../../src/local/gateway/jobs/jobs.ts';
import type { JsonObject } from '../../../src/local/gateway/protocol.ts';
import { createTags } from '../../../src/local/gateway/tags.ts';
import type { LocalLake } from '../../../src/local/lake.ts';
import type { JobRequest, Outcome, RunRequest, SparkEngine } from '../../../src/local/spark/spark-engine.ts';
import { USER } from '../gateway/callers.ts';

export const LAKE: LocalLake = {
  name: 'test',
  directory: '/nowhere',
  region: 'us-east-1',
  accountId: '123456789012',
  endpoint: 'http://127.0.0.1:1',
  motoEndpoint: 'http://127.0.0.1:2',
  trinoEndpoint: 'http://127.0.0.1:3',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

export type FakeRun = {
  readonly request: JobRequest;
  running(): void;
  end(outcome: Outcome): Promise<void>;
};
export type FakeSession = {
  readonly request: RunRequest;
  readonly sent: JsonObject[];
  event(event: JsonObject): void;
  end(outcome: Outcome): Promise<void>;
};

/** Stands for the Spark processes, so that the states can be walked through without any. */
export function fakeEngine() {
  const runs: FakeRun[] = [];
  const sessions: FakeSession[] = [];
  const ending = () => {
    let resolve: (outcome: Outcome) => void = () => undefined;
    const ended = new Promise<Outcome>((settle) => {
      resolve = settle;
    });
    const end = async (outcome: Outcome) => {
      resolve(outcome);
      await settled();
    };
    return { ended, end, kill: () => resolve({ succeeded: false, message: 'killed' }) };
  };
  const engine: SparkEngine = {
    startJob(request, onRunning) {
      const { ended, end, kill } = ending();
      runs.push({ request, running: onRunning, end });
      return { ended, kill };
    },
    startSession(request, onEvent) {
      const { ended, end, kill } = ending();
      const sent: JsonObject[] = [];
      sessions.push({ request, sent, event: onEvent, end });
      return { ended, kill, send: (message) => void sent.push(message) };
    },
  };
  return { engine, runs, sessions };
}

/** Lets everything that follows from settled promises happen. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

/** The operations of Glue's running half over a fake engine, and a way to call them. */
export function startJobs() {
  const fake = fakeEngine();
  const tags = createTags();
  const jobs = createJobs({ lake: LAKE, tags, engine: fake.engine });
  const call = async (operation: string, input: JsonObject = {}): Promise<JsonObject> => {
    const carryOut = jobs.operations[operation];
    if (carryOut === undefined) throw new Error(`${operation} is not there`);
    return carryOut(input, USER);
  };
  /** The one engine run that was started last, of a job when named. */
  const lastRun = (job?: string): FakeRun => {
    const found = fake.runs.findLast(
      ({ request }) => job === undefined || request.scriptArguments[1] === job,
    );
    if (found === undefined) throw new Error(`no run of ${job ?? 'any job'}`);
    return found;
  };
  const createJob = (name: string, more: JsonObject = {}) =>
    call('CreateJob', {
      Name: name,
      Role: 'arn:aws:iam::123456789012:role/job',
      Command: { Name: 'glueetl', ScriptLocation: `s3://lake/scripts/${name}.py` },
      GlueVersion: '5.1',
      WorkerType: 'G.1X',
      NumberOfWorkers: 2,
      ...more,
    });
  const jobRun = async (name: string, id: unknown): Promise<JsonObject> => {
    const { JobRun } = await call('GetJobRun', { JobName: name, RunId: String(id) });
    return object(JobRun);
  };
  return { ...fake, tags, jobs, call, lastRun, createJob, jobRun };
}

export function object(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not an object');
  return value as JsonObject;
}

export function objects(value: unknown): JsonObject[] {
  if (!Array.isArray(value)) throw new Error('not a list');
  return value.map(object);
}

export const SUCCEEDED: Outcome = { succeeded: true };
export const FAILED: Outcome = { succeeded: false, message: 'ValueError: no' };
