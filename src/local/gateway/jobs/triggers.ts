import type { LocalLake } from '../../lake.ts';
import { page } from '../catalog/page.ts';
import { glueInput } from '../input.ts';
import { AwsError, type JsonObject, type Operations } from '../protocol.ts';
import type { Tags } from '../tags.ts';
import { createWatch } from './conditions.ts';
import { fire } from './firing.ts';
import type { JobRuns } from './job-runs.ts';
import { resourceArn } from './resource-arn.ts';
import { type Schedule, startSchedule } from './schedule.ts';
import {
  createdTrigger,
  type Trigger,
  type TriggerState,
  triggerStructure,
  updatedTrigger,
} from './trigger-definition.ts';

export type Triggers = {
  ofWorkflow(name: string): readonly Trigger[];
  readonly operations: Operations;
  close(): void;
};

export type TriggerParts = {
  readonly lake: LocalLake;
  readonly tags: Tags;
  readonly runs: JobRuns;
  /** A start trigger of a workflow starts a run of the workflow. */
  readonly startWorkflow: (name: string) => void;
  readonly requireWorkflow: (name: string) => void;
};

export function createTriggers({ lake, tags, runs, startWorkflow, requireWorkflow }: TriggerParts): Triggers {
  const triggers = new Map<string, Trigger>();
  const schedules = new Map<string, Schedule>();
  const watch = createWatch();
  const arn = (name: string) => resourceArn(lake, 'trigger', name);

  const get = (name: string): Trigger => {
    const trigger = triggers.get(name);
    if (trigger === undefined) throw new AwsError('EntityNotFoundException', `Trigger ${name} not found.`);
    return trigger;
  };

  const start = (trigger: Trigger): void => {
    if (trigger.workflowName !== undefined) {
      startWorkflow(trigger.workflowName);
      return;
    }
    for (const error of fire(trigger, runs).errors) process.stderr.write(`gateway: trigger ${error}\n`);
  };

  const put = (trigger: Trigger): void => {
    triggers.set(trigger.name, trigger);
    schedules.get(trigger.name)?.stop();
    schedules.delete(trigger.name);
    if (trigger.type !== 'SCHEDULED' || trigger.state !== 'ACTIVATED') return;
    const { name, schedule = '' } = trigger;
    schedules.set(
      name,
      startSchedule(schedule, () => {
        try {
          start(get(name));
        } catch (error) {
          process.stderr.write(`gateway: trigger ${name}: ${String(error)}\n`);
        }
      }),
    );
  };

  // Only ends of runs that a trigger started count (AWS Glue, "AWS Glue triggers": Important).
  runs.onEnd((run) => {
    if (run.retried || run.cause === undefined || run.cause.workflow !== undefined) return;
    for (const trigger of triggers.values()) {
      if (trigger.state !== 'ACTIVATED' || trigger.workflowName !== undefined) continue;
      const predecessors = watch.observe(trigger, run);
      if (predecessors !== undefined) fire(trigger, runs, { predecessors });
    }
  });

  const withState = (name: string, state: TriggerState): void => put({ ...get(name), state });
  const startingJob = (input: JsonObject): Trigger[] => {
    const job = glueInput.optionalString(input, 'DependentJobName');
    const starts = (trigger: Trigger) => trigger.actions.some((action) => action.jobName === job);
    return [...triggers.values()].filter((trigger) => job === undefined || starts(trigger));
  };

  return {
    ofWorkflow: (name) => [...triggers.values()].filter((trigger) => trigger.workflowName === name),
    close() {
      for (const schedule of schedules.values()) schedule.stop();
    },
    operations: {
      CreateTrigger: (input) => {
        const trigger = createdTrigger(input);
        if (triggers.has(trigger.name)) {
          throw new AwsError('AlreadyExistsException', `Trigger ${trigger.name} already exists.`);
        }
        if (trigger.workflowName !== undefined) requireWorkflow(trigger.workflowName);
        put(trigger);
        tags.set(arn(trigger.name), glueInput.stringMap(input, 'Tags'));
        return { Name: trigger.name };
      },
      UpdateTrigger: (input) => {
        const name = glueInput.string(input, 'Name');
        put(updatedTrigger(get(name), glueInput.object(input, 'TriggerUpdate')));
        return { Trigger: triggerStructure(get(name)) };
      },
      DeleteTrigger: (input) => {
        const name = glueInput.string(input, 'Name');
        schedules.get(name)?.stop();
        schedules.delete(name);
        triggers.delete(name);
        tags.delete(arn(name));
        return { Name: name };
      },
      StartTrigger: (input) => {
        const trigger = get(glueInput.string(input, 'Name'));
        // An ON_DEMAND trigger never enters the state ACTIVATED: it fires, and stays CREATED.
        if (trigger.type === 'ON_DEMAND') start(trigger);
        else withState(trigger.name, 'ACTIVATED');
        return { Name: trigger.name };
      },
      StopTrigger: (input) => {
        const name = glueInput.string(input, 'Name');
        if (get(name).type !== 'ON_DEMAND') withState(name, 'DEACTIVATED');
        return { Name: name };
      },
      GetTrigger: (input) => ({ Trigger: triggerStructure(get(glueInput.string(input, 'Name'))) }),
      GetTriggers: (input) => {
        const { items, next } = page(startingJob(input), input);
        return { Triggers: items.map(triggerStructure), ...next };
      },
      ListTriggers: (input) => {
        const { items, next } = page(startingJob(input), input);
        return { TriggerNames: items.map(({ name }) => name), ...next };
      },
      BatchGetTriggers: (input) => {
        const names = glueInput.stringList(input, 'TriggerNames');
        return {
          Triggers: names.filter((name) => triggers.has(name)).map((name) => triggerStructure(get(name))),
          TriggersNotFound: names.filter((name) => !triggers.has(name)),
        };
      },
    },
  };
}
