import { isJsonObject } from '../input.ts';
import { epochSeconds, type JsonObject, type Operations } from '../protocol.ts';
import {
  optionalFlag,
  optionalInteger,
  optionalStructure,
  optionalText,
  text,
  withinRange,
} from './members.ts';
import { page } from './page.ts';
import { refusal } from './refusal.ts';
import { prefixUrl, resultPrefix } from './result-bucket.ts';
import type { AthenaTags } from './tags.ts';

const PRIMARY = 'primary';
const NAME = /^[a-zA-Z0-9._-]{1,128}$/;
const LEAST_CUTOFF = 10_000_000;
const ENGINE = {
  Category: 'Presto',
  EffectiveEngineVersion: 'Athena engine version 3',
  SelectedEngineVersion: 'AUTO',
} as const;

export type WorkGroup = {
  readonly name: string;
  readonly description: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly configuration: JsonObject;
  readonly createdAt: number;
};

/** Where a query's results go and what it may read, from the caller's wishes and the workgroup's rules. */
export type QuerySettings = {
  /** Prefix as a URL, ending in a slash. */
  readonly prefix: string;
  /** The workgroup's own location holds, whatever the caller says. */
  readonly enforced: boolean;
  readonly encryption: JsonObject | undefined;
  readonly cutoff: number | undefined;
};

/** Whether something still belongs to a workgroup that is about to be deleted. */
type InUse = (workGroup: string) => boolean;

/** The lake's workgroups; `primary` is always there. */
export type WorkGroups = ReturnType<typeof createWorkGroups>;

export function createWorkGroups(tags: AthenaTags, inUse: InUse) {
  const all = new Map<string, WorkGroup>();
  all.set(PRIMARY, {
    name: PRIMARY,
    description: '',
    state: 'ENABLED',
    configuration: configurationOf({ EnforceWorkGroupConfiguration: false }),
    createdAt: Date.now(),
  });

  function get(name: string | undefined): WorkGroup {
    const found = all.get(name ?? PRIMARY);
    if (!found) throw refusal('INVALID_INPUT', 'WorkGroup is not found.');
    return found;
  }

  /** Throws InvalidRequestException when there is no place for results. */
  function settings(name: string | undefined, client: JsonObject | undefined): QuerySettings {
    const workGroup = get(name);
    if (workGroup.state === 'DISABLED') throw refusal('INVALID_INPUT', 'WorkGroup is disabled.');
    const configuration = workGroup.configuration;
    const own = optionalStructure(configuration, 'ResultConfiguration') ?? {};
    const enforced = configuration.EnforceWorkGroupConfiguration === true;
    const wished = enforced ? own : { ...own, ...client };
    const location = optionalText(wished, 'OutputLocation');
    if (location === undefined) {
      throw refusal(
        'INVALID_INPUT',
        'No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.',
      );
    }
    return {
      prefix: prefixUrl(resultPrefix(location)),
      enforced,
      encryption: optionalStructure(wished, 'EncryptionConfiguration'),
      cutoff: optionalInteger(configuration, 'BytesScannedCutoffPerQuery'),
    };
  }

  const operations: Operations = {
    CreateWorkGroup(input) {
      const name = text(input, 'Name');
      if (!NAME.test(name)) {
        throw refusal(
          'INVALID_INPUT',
          `1 validation error detected: Value at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9._-]{1,128}`,
        );
      }
      if (all.has(name)) throw refusal('INVALID_INPUT', 'WorkGroup is already created');
      const configuration = configurationOf(optionalStructure(input, 'Configuration') ?? {});
      all.set(name, {
        name,
        description: optionalText(input, 'Description') ?? '',
        state: 'ENABLED',
        configuration,
        createdAt: Date.now(),
      });
      tags.put(tags.arn('workgroup', name), input);
      return {};
    },
    GetWorkGroup: (input) => ({ WorkGroup: workGroupJson(get(text(input, 'WorkGroup'))) }),
    ListWorkGroups(input) {
      const sorted = [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      const { items, next } = page(sorted, input, 50);
      return { WorkGroups: items.map(summaryJson), ...next };
    },
    UpdateWorkGroup(input) {
      const workGroup = get(text(input, 'WorkGroup'));
      const state = optionalText(input, 'State') ?? workGroup.state;
      if (state !== 'ENABLED' && state !== 'DISABLED')
        throw refusal('INVALID_INPUT', `Invalid state ${state}`);
      const updates = optionalStructure(input, 'ConfigurationUpdates') ?? {};
      all.set(workGroup.name, {
        ...workGroup,
        state,
        description: optionalText(input, 'Description') ?? workGroup.description,
        configuration: updatedConfiguration(workGroup.configuration, updates),
      });
      return {};
    },
    DeleteWorkGroup(input) {
      const { name } = get(text(input, 'WorkGroup'));
      if (name === PRIMARY) throw refusal('INVALID_INPUT', 'Cannot delete the primary workgroup');
      if (optionalFlag(input, 'RecursiveDeleteOption') !== true && inUse(name)) {
        throw refusal('INVALID_INPUT', `WorkGroup ${name} is not empty`);
      }
      all.delete(name);
      tags.drop(tags.arn('workgroup', name));
      return {};
    },
  };

  return { get, settings, operations };
}

/** A configuration with every member that clients look up without asking. Throws InvalidRequestException. */
function configurationOf(given: JsonObject): JsonObject {
  const result = optionalStructure(given, 'ResultConfiguration') ?? {};
  const location = optionalText(result, 'OutputLocation');
  if (location !== undefined) resultPrefix(location);
  const cutoff = optionalInteger(given, 'BytesScannedCutoffPerQuery');
  if (cutoff !== undefined) {
    withinRange('BytesScannedCutoffPerQuery', cutoff, LEAST_CUTOFF, Number.MAX_SAFE_INTEGER);
  }
  return {
    EnableMinimumEncryptionConfiguration: false,
    EnforceWorkGroupConfiguration: true,
    PublishCloudWatchMetricsEnabled: false,
    QuerySchedulingType: 'DEFAULT',
    RequesterPaysEnabled: false,
    ...given,
    EngineVersion: engineVersion(given),
    ResultConfiguration: result,
  };
}

function engineVersion(given: JsonObject): JsonObject {
  const wished = isJsonObject(given.EngineVersion) ? given.EngineVersion.SelectedEngineVersion : undefined;
  return { ...ENGINE, ...(typeof wished === 'string' && { SelectedEngineVersion: wished }) };
}

function updatedConfiguration(old: JsonObject, updates: JsonObject): JsonObject {
  const {
    ResultConfigurationUpdates: resultUpdates,
    RemoveBytesScannedCutoffPerQuery: removeCutoff,
    ...plain
  } = updates;
  const merged: Record<string, JsonObject[string]> = { ...old, ...plain };
  if (removeCutoff === true) delete merged.BytesScannedCutoffPerQuery;
  if (isJsonObject(resultUpdates)) {
    const result = isJsonObject(old.ResultConfiguration) ? old.ResultConfiguration : {};
    merged.ResultConfiguration = updatedResult(result, resultUpdates);
  }
  return configurationOf(merged);
}

/** `Remove<Member>: true` takes a member away, any other member replaces. */
function updatedResult(old: JsonObject, updates: JsonObject): JsonObject {
  const merged: Record<string, JsonObject[string]> = { ...old };
  for (const [name, value] of Object.entries(updates)) {
    if (!name.startsWith('Remove')) merged[name] = value;
  }
  for (const [name, value] of Object.entries(updates)) {
    if (name.startsWith('Remove') && value === true) delete merged[name.slice('Remove'.length)];
  }
  return merged;
}

function workGroupJson(workGroup: WorkGroup): JsonObject {
  return {
    Name: workGroup.name,
    State: workGroup.state,
    ...(workGroup.description !== '' && { Description: workGroup.description }),
    CreationTime: epochSeconds(workGroup.createdAt),
    Configuration: workGroup.configuration,
  };
}

function summaryJson(workGroup: WorkGroup): JsonObject {
  return {
    Name: workGroup.name,
    State: workGroup.state,
    Description: workGroup.description,
    CreationTime: epochSeconds(workGroup.createdAt),
    EngineVersion: ENGINE,
  };
}
