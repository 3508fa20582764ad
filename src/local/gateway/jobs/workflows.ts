import type { LocalLake } from '../../lake.ts';
import { page } from '../catalog/page.ts';
import { glueInput } from '../input.ts';
import { AwsError, epochSeconds, type JsonObject, type Operations } from '../protocol.ts';
import type { Tags } from '../tags.ts';
import { resourceArn } from './resource-arn.ts';
import type { Trigger } from './trigger-definition.ts';
import { workflowGraph } from './workflow-graph.ts';
import { type WorkflowRun, workflowRunStructure } from './workflow-run.ts';
import type { WorkflowRuns } from './workflow-runs.ts';

export type Workflows = {
  /** Throws EntityNotFoundException when the workflow is not there. */
  require(name: string): void;
  start(name: string, properties?: Readonly<Record<string, string>>): WorkflowRun;
  readonly operations: Operations;
};

export type WorkflowParts = {
  readonly lake: LocalLake;
  readonly tags: Tags;
  readonly runs: WorkflowRuns;
  readonly triggersOf: (workflow: string) => readonly Trigger[];
};

export function createWorkflows({ lake, tags, runs, triggersOf }: WorkflowParts): Workflows {
  const workflows = new Map<string, JsonObject>();
  const arn = (name: string) => resourceArn(lake, 'workflow', name);

  const get = (name: string): JsonObject => {
    const workflow = workflows.get(name);
    if (workflow === undefined) throw new AwsError('EntityNotFoundException', `Workflow ${name} not found.`);
    return workflow;
  };

  const structure = (name: string, withGraph: boolean): JsonObject => {
    const last = runs.of(name)[0];
    return {
      ...get(name),
      ...(last === undefined ? {} : { LastRun: workflowRunStructure(last) }),
      ...(withGraph ? { Graph: workflowGraph(name, triggersOf(name), []) } : {}),
    };
  };

  const runStructure = (run: WorkflowRun, withGraph: boolean): JsonObject => ({
    ...workflowRunStructure(run),
    ...(withGraph ? { Graph: workflowGraph(run.name, run.triggers, run.jobRuns) } : {}),
  });

  const findRun = (input: JsonObject): WorkflowRun => {
    const name = glueInput.string(input, 'Name');
    const id = glueInput.string(input, 'RunId');
    const run = runs.of(name).find((each) => each.id === id);
    if (run === undefined) {
      throw new AwsError('EntityNotFoundException', `Run ${id} of workflow ${name} not found.`);
    }
    return run;
  };

  const start = (name: string, properties: Readonly<Record<string, string>> = {}): WorkflowRun => {
    const workflow = get(name);
    return runs.start({
      name,
      triggers: triggersOf(name),
      properties: { ...glueInput.stringMap(workflow, 'DefaultRunProperties'), ...properties },
      mostRuns: glueInput.optionalNumber(workflow, 'MaxConcurrentRuns'),
    });
  };

  const withGraph = (input: JsonObject) => glueInput.optionalBoolean(input, 'IncludeGraph') ?? false;

  return {
    require: (name) => void get(name),
    start,
    operations: {
      CreateWorkflow: (input) => {
        const name = glueInput.string(input, 'Name');
        if (workflows.has(name)) {
          throw new AwsError('AlreadyExistsException', `Workflow ${name} already exists.`);
        }
        const { Tags: _tags, ...definition } = input;
        const now = epochSeconds();
        workflows.set(name, { ...definition, CreatedOn: now, LastModifiedOn: now });
        tags.set(arn(name), glueInput.stringMap(input, 'Tags'));
        return { Name: name };
      },
      UpdateWorkflow: (input) => {
        const name = glueInput.string(input, 'Name');
        workflows.set(name, { ...get(name), ...input, LastModifiedOn: epochSeconds() });
        return { Name: name };
      },
      DeleteWorkflow: (input) => {
        const name = glueInput.string(input, 'Name');
        workflows.delete(name);
        tags.delete(arn(name));
        return { Name: name };
      },
      GetWorkflow: (input) => ({
        Workflow: structure(glueInput.string(input, 'Name'), withGraph(input)),
      }),
      ListWorkflows: (input) => {
        const { items, next } = page([...workflows.keys()], input);
        return { Workflows: items, ...next };
      },
      BatchGetWorkflows: (input) => {
        const names = glueInput.stringList(input, 'Names');
        return {
          Workflows: names
            .filter((name) => workflows.has(name))
            .map((name) => structure(name, withGraph(input))),
          MissingWorkflows: names.filter((name) => !workflows.has(name)),
        };
      },
      StartWorkflowRun: (input) => ({
        RunId: start(glueInput.string(input, 'Name'), glueInput.stringMap(input, 'RunProperties')).id,
      }),
      StopWorkflowRun: (input) => {
        const run = findRun(input);
        if (run.status !== 'RUNNING') {
          throw new AwsError(
            'IllegalWorkflowStateException',
            `Run ${run.id} of workflow ${run.name} is ${run.status} and cannot be stopped.`,
          );
        }
        runs.stop(run);
        return {};
      },
      GetWorkflowRun: (input) => ({ Run: runStructure(findRun(input), withGraph(input)) }),
      GetWorkflowRuns: (input) => {
        const name = glueInput.string(input, 'Name');
        get(name);
        const { items, next } = page(runs.of(name), input);
        return { Runs: items.map((run) => runStructure(run, withGraph(input))), ...next };
      },
      GetWorkflowRunProperties: (input) => ({ RunProperties: findRun(input).properties }),
      PutWorkflowRunProperties: (input) => {
        const run = findRun(input);
        run.properties = { ...run.properties, ...glueInput.stringMap(input, 'RunProperties') };
        return {};
      },
    },
  };
}
