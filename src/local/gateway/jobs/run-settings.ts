import type { JobArguments } from '../../spark/job-arguments.ts';
import { glueInput } from '../input.ts';
import { AwsError, type JsonObject } from '../protocol.ts';

/** Data processing units of one worker (AWS Glue, "Worker types"). */
const DPU: Readonly<Record<string, number>> = {
  Standard: 1,
  'G.025X': 0.25,
  'G.1X': 1,
  'G.2X': 2,
  'G.4X': 4,
  'G.8X': 8,
  'G.12X': 12,
  'G.16X': 16,
  'R.1X': 1,
  'R.2X': 2,
  'R.4X': 4,
  'R.8X': 8,
  'Z.2X': 2,
};

/** What one run or session is given to work with. `dpu` is all its workers together; 0 when it names no workers. */
export type Capacity = {
  readonly workerType: string | undefined;
  readonly workers: number | undefined;
  readonly dpu: number;
};

/** A job run's settings: those of its definition, overridden by those of StartJobRun. */
export type RunSettings = Capacity & {
  readonly timeoutMinutes: number;
  readonly glueVersion: string;
  readonly executionClass: string;
  readonly maxRetries: number;
  readonly role: string;
  readonly scriptLocation: string;
  /** All that the script gets, beside the names and ids that the run itself adds. */
  readonly arguments: JobArguments;
};

/** AWS's default when a job names none is disputed in its documentation; this lake runs Glue 5.1. */
export const DEFAULT_GLUE_VERSION = '5.1';

/** Throws InvalidInputException for a worker type that AWS Glue does not have. */
export function capacity(...sources: readonly JsonObject[]): Capacity {
  const workerType = first(sources, (source) => glueInput.optionalString(source, 'WorkerType'));
  const workers = first(sources, (source) => glueInput.optionalNumber(source, 'NumberOfWorkers'));
  const maxCapacity = first(sources, (source) => glueInput.optionalNumber(source, 'MaxCapacity'));
  if (workerType !== undefined && DPU[workerType] === undefined) {
    throw new AwsError(
      'InvalidInputException',
      `Worker type ${workerType} is unknown. Known ones: ${Object.keys(DPU).join(', ')}.`,
    );
  }
  const dpu = workers === undefined ? (maxCapacity ?? 0) : workers * (DPU[workerType ?? 'G.1X'] ?? 1);
  return { workerType, workers, dpu };
}

/** Minutes after which a run or session is ended: 8 hours since Glue 5.0, two days before. */
export function defaultTimeout(glueVersion: string): number {
  return Number.parseFloat(glueVersion) >= 5 ? 480 : 2880;
}

/**
 * `overrides` is the input of StartJobRun. NonOverridableArguments win over both other kinds (AWS Glue, "Jobs API").
 */
export function runSettings(definition: JsonObject, overrides: JsonObject): RunSettings {
  const glueVersion = glueInput.optionalString(definition, 'GlueVersion') ?? DEFAULT_GLUE_VERSION;
  return {
    ...capacity(overrides, definition),
    timeoutMinutes:
      first([overrides, definition], (source) => glueInput.optionalNumber(source, 'Timeout')) ??
      defaultTimeout(glueVersion),
    glueVersion,
    executionClass:
      first([overrides, definition], (source) => glueInput.optionalString(source, 'ExecutionClass')) ??
      'STANDARD',
    maxRetries: glueInput.optionalNumber(definition, 'MaxRetries') ?? 0,
    role: glueInput.string(definition, 'Role'),
    scriptLocation: glueInput.string(definition, 'Command.ScriptLocation'),
    arguments: {
      ...glueInput.stringMap(definition, 'DefaultArguments'),
      ...glueInput.stringMap(overrides, 'Arguments'),
      ...glueInput.stringMap(definition, 'NonOverridableArguments'),
    },
  };
}

function first<T>(
  sources: readonly JsonObject[],
  read: (source: JsonObject) => T | undefined,
): T | undefined {
  for (const source of sources) {
    const value = read(source);
    if (value !== undefined) return value;
  }
  return undefined;
}
