import { page } from '../catalog/page.ts';
import { glueInput } from '../input.ts';
import { AwsError, type JsonObject, type Operations } from '../protocol.ts';
import type { JobDefinitions } from './job-definitions.ts';
import { isUnfinished, type JobRun, jobRunStructure } from './job-run.ts';
import type { JobRuns } from './job-runs.ts';

export function jobRunOperations(definitions: JobDefinitions, runs: JobRuns): Operations {
  const find = (jobName: string, id: string): JobRun | undefined =>
    runs.of(jobName).find((run) => run.id === id);

  const stop = (jobName: string, id: string): JsonObject | undefined => {
    const run = find(jobName, id);
    if (run === undefined) {
      return failure(jobName, id, 'EntityNotFoundException', `Job run ${id} of job ${jobName} not found.`);
    }
    if (!isUnfinished(run)) {
      return failure(
        jobName,
        id,
        'JobRunInvalidStateTransitionException',
        `Job run ${id} is ${run.state} and cannot be stopped.`,
      );
    }
    runs.stop(run);
    return undefined;
  };

  return {
    StartJobRun: (input) => ({ JobRunId: runs.start(glueInput.string(input, 'JobName'), input).id }),
    GetJobRun: (input) => {
      const jobName = glueInput.string(input, 'JobName');
      const id = glueInput.string(input, 'RunId');
      const run = find(jobName, id);
      if (run === undefined) {
        throw new AwsError('EntityNotFoundException', `Job run ${id} of job ${jobName} not found.`);
      }
      return { JobRun: jobRunStructure(run, Date.now()) };
    },
    GetJobRuns: (input) => {
      const jobName = glueInput.string(input, 'JobName');
      definitions.get(jobName);
      const { items, next } = page(runs.of(jobName), input);
      return { JobRuns: items.map((run) => jobRunStructure(run, Date.now())), ...next };
    },
    BatchStopJobRun: (input) => {
      const jobName = glueInput.string(input, 'JobName');
      const submitted: JsonObject[] = [];
      const errors: JsonObject[] = [];
      for (const id of glueInput.stringList(input, 'JobRunIds')) {
        const error = stop(jobName, id);
        if (error === undefined) submitted.push({ JobName: jobName, JobRunId: id });
        else errors.push(error);
      }
      return { SuccessfulSubmissions: submitted, Errors: errors };
    },
  };
}

function failure(jobName: string, id: string, code: string, message: string): JsonObject {
  return { JobName: jobName, JobRunId: id, ErrorDetail: { ErrorCode: code, ErrorMessage: message } };
}
