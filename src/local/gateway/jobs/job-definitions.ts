import type { LocalLake } from '../../lake.ts';
import { page } from '../catalog/page.ts';
import { glueInput } from '../input.ts';
import { AwsError, epochSeconds, type JsonObject, type Operations } from '../protocol.ts';
import type { Tags } from '../tags.ts';
import { resourceArn } from './resource-arn.ts';
import { capacity, DEFAULT_GLUE_VERSION, defaultTimeout } from './run-settings.ts';

/** Jobs by name, as Glue `Job` structures. */
export type JobDefinitions = {
  /** Throws AwsError EntityNotFoundException. */
  get(name: string): JsonObject;
  readonly operations: Operations;
};

export function createJobDefinitions(lake: LocalLake, tags: Tags): JobDefinitions {
  const jobs = new Map<string, JsonObject>();
  const arn = (name: string) => resourceArn(lake, 'job', name);

  const get = (name: string): JsonObject => {
    const job = jobs.get(name);
    if (job === undefined) throw new AwsError('EntityNotFoundException', `Job ${name} not found.`);
    return job;
  };
  const named = (name: string): JsonObject[] => {
    const job = jobs.get(name);
    return job === undefined ? [] : [job];
  };
  const tagged = (input: JsonObject): string[] => {
    const wanted = Object.entries(glueInput.stringMap(input, 'Tags'));
    return [...jobs.keys()].filter((name) => {
      const held = wanted.length > 0 ? tags.get(arn(name)) : {};
      return wanted.every(([key, value]) => held[key] === value);
    });
  };

  return {
    get,
    operations: {
      CreateJob: (input) => {
        const name = glueInput.string(input, 'Name');
        if (jobs.has(name)) throw new AwsError('AlreadyExistsException', `Job ${name} already exists.`);
        const { Name: _name, Tags: _tags, ...definition } = input;
        jobs.set(name, completed(name, definition, epochSeconds()));
        tags.set(arn(name), glueInput.stringMap(input, 'Tags'));
        return { Name: name };
      },
      UpdateJob: (input) => {
        const name = glueInput.string(input, 'JobName');
        const { CreatedOn } = get(name);
        const definition = glueInput.object(input, 'JobUpdate');
        jobs.set(
          name,
          completed(name, definition, typeof CreatedOn === 'number' ? CreatedOn : epochSeconds()),
        );
        return { JobName: name };
      },
      DeleteJob: (input) => {
        const name = glueInput.string(input, 'JobName');
        jobs.delete(name);
        tags.delete(arn(name));
        return { JobName: name };
      },
      GetJob: (input) => ({ Job: get(glueInput.string(input, 'JobName')) }),
      GetJobs: (input) => {
        const { items, next } = page([...jobs.values()], input);
        return { Jobs: items, ...next };
      },
      ListJobs: (input) => {
        const { items, next } = page(tagged(input), input);
        return { JobNames: items, ...next };
      },
      BatchGetJobs: (input) => {
        const names = glueInput.stringList(input, 'JobNames');
        return { Jobs: names.flatMap(named), JobsNotFound: names.filter((name) => !jobs.has(name)) };
      },
    },
  };
}

/** A definition with what AWS fills in. Throws InvalidInputException for what no run could be made of. */
function completed(name: string, definition: JsonObject, createdOn: number): JsonObject {
  glueInput.string(definition, 'Role');
  const command = glueInput.object(definition, 'Command');
  glueInput.string(definition, 'Command.Name');
  const glueVersion = glueInput.optionalString(definition, 'GlueVersion') ?? DEFAULT_GLUE_VERSION;
  const { dpu } = capacity(definition);
  const concurrent = glueInput.optionalNumber(definition, 'ExecutionProperty.MaxConcurrentRuns') ?? 1;
  return {
    MaxRetries: 0,
    JobMode: 'SCRIPT',
    JobRunQueuingEnabled: false,
    ExecutionClass: 'STANDARD',
    Timeout: defaultTimeout(glueVersion),
    DefaultArguments: {},
    ...(dpu > 0 ? { AllocatedCapacity: Math.ceil(dpu), MaxCapacity: dpu } : {}),
    ...definition,
    Command: { PythonVersion: '3', ...command },
    ExecutionProperty: { MaxConcurrentRuns: concurrent },
    GlueVersion: glueVersion,
    Name: name,
    CreatedOn: createdOn,
    LastModifiedOn: epochSeconds(),
  };
}
