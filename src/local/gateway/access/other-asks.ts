import { isJsonObject } from '../input.ts';
import type { JsonObject } from '../protocol.ts';
import { type Ask, arnOf, NO_RESOURCE, type Place, passRole } from './ask.ts';

/** What a call of a service brings, whichever protocol it is in. */
export type Members = { get(name: string): string | undefined };

export function jsonMembers(input: JsonObject): Members {
  return {
    get(name) {
      const value = input[name];
      return typeof value === 'string' ? value : undefined;
    },
  };
}

type Resources = (operation: string, members: Members, place: Place) => readonly string[] | undefined;

/** What the calls of the services that moto keeps are about, as far as policies here may name it. */
const RESOURCES: Readonly<Record<string, Resources>> = {
  // Source: "Identity-based policies for Lake Formation": its actions know no resources.
  lakeformation: () => NO_RESOURCE,
  logs: (operation, members, place) => {
    const group =
      members.get('logGroupName') ??
      nameInArn(members.get('logGroupIdentifier') ?? members.get('resourceArn'));
    if (group === undefined) {
      return /^Describe|^List/.test(operation) ? [arnOf(place, 'logs', 'log-group:*')] : undefined;
    }
    const stream = members.get('logStreamName') ?? '';
    return [arnOf(place, 'logs', `log-group:${group}:log-stream:${stream}`)];
  },
  sns: (operation, members, place) => {
    const name = members.get('Name');
    const arn = members.get('TopicArn') ?? members.get('ResourceArn') ?? members.get('SubscriptionArn');
    if (arn !== undefined) return [arn];
    if (name !== undefined) return [arnOf(place, 'sns', name)];
    return operation.startsWith('List') ? NO_RESOURCE : undefined;
  },
  cloudwatch: (operation, members, place) => {
    const alarm = members.get('AlarmName');
    if (alarm !== undefined) return [arnOf(place, 'cloudwatch', `alarm:${alarm}`)];
    const dashboard = members.get('DashboardName') ?? members.get('DashboardNames.member.1');
    if (dashboard !== undefined) return [`arn:aws:cloudwatch::${place.accountId}:dashboard/${dashboard}`];
    const named = members.get('AlarmNames.member.1') ?? members.get('ResourceARN');
    if (named !== undefined) {
      return [named.startsWith('arn:') ? named : arnOf(place, 'cloudwatch', `alarm:${named}`)];
    }
    return /^(Get|List|Describe|PutMetricData)/.test(operation) ? NO_RESOURCE : undefined;
  },
  events: (operation, members, place) => {
    const rule = members.get('Rule') ?? members.get('Name');
    const arn = members.get('ResourceARN');
    if (arn !== undefined) return [arn];
    if (rule !== undefined) return [arnOf(place, 'events', `rule/${rule}`)];
    return operation.startsWith('List') ? NO_RESOURCE : undefined;
  },
  budgets: (_operation, members, { accountId }) => {
    const name = members.get('BudgetName');
    return name === undefined ? undefined : [`arn:aws:budgets::${accountId}:budget/${name}`];
  },
};

/** The services' names in permissions, where they are not those of the credential scope. */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: 'cloudwatch', email: 'ses' };

/** The service of a permission, from the credential scope of a request. */
export function permissionPrefix(scopeService: string): string {
  return PREFIXES[scopeService] ?? scopeService;
}

/** The permission of a call to a service that moto keeps. */
export function otherAsks(
  service: string,
  operation: string,
  members: Members,
  input: JsonObject,
  place: Place,
): readonly Ask[] {
  const action = `${service}:${operation}`;
  const ask: Ask = { action, resources: RESOURCES[service]?.(operation, members, place) };
  const role = members.get('RoleArn');
  if (service === 'lakeformation' && role !== undefined && /^(Register|Update)Resource$/.test(operation)) {
    return [ask, passRole(role, 'lakeformation.amazonaws.com')];
  }
  const targets = service === 'events' && Array.isArray(input.Targets) ? input.Targets : [];
  const roles = targets.flatMap((target) =>
    isJsonObject(target) && typeof target.RoleArn === 'string' ? [target.RoleArn] : [],
  );
  return [ask, ...roles.map((arn) => passRole(arn, 'events.amazonaws.com'))];
}

/** `arn:aws:logs:<region>:<account>:log-group:<name>[:*]`, or the name itself. */
function nameInArn(text: string | undefined): string | undefined {
  return text?.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
}
