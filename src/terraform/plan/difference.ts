import { attributeDiff } from './attribute-diff.ts';
import { type Canonical, type CanonicalChange, restored } from './canonical.ts';
import { stable } from './masked.ts';

/** A change in which two plans differ. Lines of the diff that begin with `-` are of the reviewed plan, with `+` of the new one. */
export type PlanDifference = {
  readonly address: string;
  readonly what: string;
  readonly diff: readonly string[];
};

/** Everything in which the plan that was made now differs from the reviewed one. */
export function planDifference(reviewed: Canonical, now: Canonical): PlanDifference[] {
  const [before, after] = [byAddress(reviewed), byAddress(now)];
  const addresses = [...new Set([...before.keys(), ...after.keys()])].sort();
  return addresses.flatMap((address) => differences(address, before.get(address), after.get(address)));
}

function differences(
  address: string,
  reviewed: CanonicalChange | undefined,
  now: CanonicalChange | undefined,
): PlanDifference[] {
  if (reviewed === undefined && now !== undefined)
    return [{ address, what: `${words(now)}, which nobody has reviewed`, diff: lines(undefined, now) }];
  if (reviewed !== undefined && now === undefined)
    return [
      { address, what: `was to ${words(reviewed)}, and no longer is`, diff: lines(reviewed, undefined) },
    ];
  if (reviewed === undefined || now === undefined || stable(reviewed) === stable(now)) return [];
  const what =
    words(reviewed) === words(now)
      ? `${words(now)}, with other values`
      : `was to ${words(reviewed)}, and now to ${words(now)}`;
  return [{ address, what, diff: lines(reviewed, now) }];
}

function lines(reviewed: CanonicalChange | undefined, now: CanonicalChange | undefined): string[] {
  const value = (change: CanonicalChange | undefined) =>
    change === undefined ? undefined : { before: restored(change.before), after: restored(change.after) };
  return attributeDiff(value(reviewed), value(now));
}

/** What a change does: `create`, `delete and create`, `move from x`. */
function words({ actions, from, import: id }: CanonicalChange): string {
  const all = actions.filter((action) => action !== 'no-op');
  if (from !== undefined) all.push(`move from ${from}`);
  if (id !== undefined) all.push(`import ${id}`);
  return all.join(' and ');
}

function byAddress({ changes }: Canonical): Map<string, CanonicalChange> {
  return new Map(changes.map((change) => [change.address, change]));
}
