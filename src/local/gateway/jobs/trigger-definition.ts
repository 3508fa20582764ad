import { glueInput } from '../input.ts';
import { AwsError, type JsonObject } from '../protocol.ts';
import { parseSchedule } from './schedule.ts';

export type TriggerType = 'ON_DEMAND' | 'SCHEDULED' | 'CONDITIONAL';
export type TriggerState = 'CREATED' | 'ACTIVATED' | 'DEACTIVATED';

export type Action = { readonly jobName: string; readonly input: JsonObject };
export type Condition = { readonly jobName: string; readonly state: string };

/** A trigger. `shown` are the members that Glue gives back as they came: Description, Schedule, Predicate, Actions. */
export type Trigger = {
  readonly name: string;
  readonly type: TriggerType;
  readonly state: TriggerState;
  readonly workflowName: string | undefined;
  readonly schedule: string | undefined;
  readonly actions: readonly Action[];
  readonly conditions: readonly Condition[];
  readonly anyCondition: boolean;
  readonly shown: JsonObject;
};

const TYPES: readonly string[] = ['ON_DEMAND', 'SCHEDULED', 'CONDITIONAL'] satisfies TriggerType[];
const CONDITION_STATES = ['SUCCEEDED', 'STOPPED', 'FAILED', 'TIMEOUT'];

export function triggerStructure(trigger: Trigger): JsonObject {
  return {
    Name: trigger.name,
    WorkflowName: trigger.workflowName,
    Type: trigger.type,
    State: trigger.state,
    ...trigger.shown,
  };
}

/** A trigger out of CreateTrigger's input. Throws InvalidInputException for what can never fire. */
export function createdTrigger(input: JsonObject): Trigger {
  const type = glueInput.string(input, 'Type');
  if (!isType(type)) throw refused(`trigger type ${type} is not modelled by the local lake`);
  const start = glueInput.optionalBoolean(input, 'StartOnCreation') ?? false;
  if (start && type === 'ON_DEMAND') throw refused('StartOnCreation is not supported for ON_DEMAND triggers');
  return defined({
    name: glueInput.string(input, 'Name'),
    type,
    state: start ? 'ACTIVATED' : 'CREATED',
    workflowName: glueInput.optionalString(input, 'WorkflowName'),
    input,
  });
}

/** A trigger after UpdateTrigger. What TriggerUpdate leaves out stays: the AWS provider of Terraform relies on it. */
export function updatedTrigger(trigger: Trigger, update: JsonObject): Trigger {
  return defined({ ...trigger, input: { ...trigger.shown, ...update } });
}

function defined(parts: {
  readonly name: string;
  readonly type: TriggerType;
  readonly state: TriggerState;
  readonly workflowName: string | undefined;
  readonly input: JsonObject;
}): Trigger {
  const { input, type } = parts;
  const schedule = glueInput.optionalString(input, 'Schedule') || undefined;
  const conditions = glueInput
    .objectList(glueInput.optionalObject(input, 'Predicate') ?? {}, 'Conditions')
    .map(condition);
  if (type === 'SCHEDULED') {
    if (schedule === undefined) throw refused('a SCHEDULED trigger needs a Schedule');
    parseSchedule(schedule);
  }
  if (type === 'CONDITIONAL' && conditions.length === 0) {
    throw refused('a CONDITIONAL trigger needs a Predicate with Conditions');
  }
  const actions = glueInput.objectList(input, 'Actions').map(action);
  if (actions.length === 0) throw refused('a trigger needs Actions');
  const { Description, Predicate } = input;
  return {
    name: parts.name,
    type,
    state: parts.state,
    workflowName: parts.workflowName,
    schedule,
    actions,
    conditions,
    anyCondition: glueInput.optionalString(input, 'Predicate.Logical') === 'ANY',
    shown: { Description, Schedule: schedule, Predicate, Actions: input.Actions },
  };
}

function action(value: JsonObject): Action {
  if (value.CrawlerName !== undefined) throw refused('crawlers are not modelled by the local lake');
  const { JobName: _name, ...input } = value;
  return { jobName: glueInput.string(value, 'JobName'), input };
}

function condition(value: JsonObject): Condition {
  if (value.CrawlerName !== undefined) throw refused('crawlers are not modelled by the local lake');
  const operator = glueInput.optionalString(value, 'LogicalOperator') ?? 'EQUALS';
  if (operator !== 'EQUALS') throw refused(`logical operator ${operator} of a condition is unknown`);
  const state = glueInput.string(value, 'State');
  if (!CONDITION_STATES.includes(state)) {
    throw refused(`a condition's State is one of ${CONDITION_STATES.join(', ')}, not ${state}`);
  }
  return { jobName: glueInput.string(value, 'JobName'), state };
}

function isType(type: string): type is TriggerType {
  return TYPES.includes(type);
}

function refused(why: string): AwsError {
  return new AwsError('InvalidInputException', `${why.charAt(0).toUpperCase()}${why.slice(1)}.`);
}
