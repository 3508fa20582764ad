import { attributeDiff, creationLines } from './attribute-diff.ts';
import { type CanonicalChange, canonicalChange } from './canonical.ts';
import { isMaskedObject, type Masked, type MaskedObject, masked, same, type Veil } from './masked.ts';
import type { ShownChange, ShownPlan } from './shown.ts';
import { isEmpty } from './value-text.ts';

/** What happens to a resource, in the order in which it is told. */
export const KINDS = ['destroy', 'replace', 'create', 'update', 'import', 'move', 'forget', 'read'] as const;
export type Kind = (typeof KINDS)[number];

/** A resource of a plan as people see it; nothing sensitive is in it. */
export type PlannedResource = {
  readonly kind: Kind | 'drift';
  readonly address: string;
  /** Type of the resource, such as aws_glue_job. */
  readonly type: string;
  /** Further facts, each in a few words: why it is replaced, from where it is moved. */
  readonly notes: readonly string[];
  /** Lines of a diff of its attributes. */
  readonly diff: readonly string[];
};

/** Why Terraform does what it does, in words (Terraform's documentation of `action_reason`). */
const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: 'is tainted: an earlier creation failed half-way',
  replace_because_cannot_update: 'cannot be changed in place',
  replace_by_request: 'is replaced because somebody asked for it',
  replace_by_triggers: 'is replaced because something it watches changes (replace_triggered_by)',
  delete_because_no_resource_config: 'is not in the configuration any more',
  delete_because_no_module: 'its module is not in the configuration any more',
  delete_because_wrong_repetition: 'count or for_each came or went',
  delete_because_count_index: 'its index is beyond count',
  delete_because_each_key: 'its key is not in for_each any more',
  delete_because_no_move_target: 'was moved to an address that is not in the configuration',
};

/** A change with its values masked, and what became of it. */
export type MaskedChange = {
  readonly shown: ShownChange;
  readonly kind: Kind | undefined;
  readonly before: Masked;
  readonly after: Masked;
};

/** `undefined` when nothing at all happens to the resource. */
function kindOf({ previous_address, address, change }: ShownChange): Kind | undefined {
  const actions = change.actions.filter((action) => action !== 'no-op');
  if (actions.includes('delete') && actions.includes('create')) return 'replace';
  if (actions.includes('delete')) return 'destroy';
  if (actions.includes('create')) return 'create';
  if (change.importing !== undefined) return 'import';
  if (actions.includes('update')) return 'update';
  if (actions.includes('forget')) return 'forget';
  if (actions.includes('read')) return 'read';
  return previous_address !== undefined && previous_address !== address ? 'move' : undefined;
}

export function maskChange(shown: ShownChange, veil: Veil): MaskedChange {
  const { before, after, before_sensitive, after_sensitive, after_unknown } = shown.change;
  return {
    shown,
    kind: kindOf(shown),
    before: masked(before, before_sensitive, undefined, shown.address, veil),
    after: masked(after, after_sensitive, after_unknown, shown.address, veil),
  };
}

/** The resource as people see it. */
export function plannedResource({ shown, kind, before, after }: MaskedChange): PlannedResource[] {
  if (kind === undefined) return [];
  return [
    {
      kind,
      address: addressOf(shown),
      type: shown.type,
      notes: notesOf(shown, kind),
      diff: diffOf(shown, kind, before, after),
    },
  ];
}

/**
 * What was changed outside of Terraform, as far as the plan would change it back. Terraform also reports what providers
 * spell otherwise after a while, such as an empty list for none, and attributes that the configuration leaves open.
 *
 * @param planned what the plan does to the same resource
 */
export function driftedResource(
  { shown, before, after }: MaskedChange,
  planned: MaskedChange | undefined,
): PlannedResource[] {
  if (planned?.kind === undefined) return [];
  const gone = shown.change.actions.includes('delete');
  const [was, is] = gone ? [before, after] : undone(before, after, planned);
  const diff = gone ? [] : attributeDiff(was, is);
  if (!gone && diff.length === 0) return [];
  const notes = gone ? ['is not there any more'] : [];
  return [{ kind: 'drift', address: addressOf(shown), type: shown.type, notes, diff }];
}

/** The attributes of a drift that the plan changes, too. */
function undone(before: Masked, after: Masked, planned: MaskedChange): [Masked, Masked] {
  if (!isMaskedObject(before) || !isMaskedObject(after)) return [before, after];
  const { before: now, after: then } = planned;
  const changes = (name: string) =>
    !(isEmpty(before[name]) && isEmpty(after[name])) &&
    !(isMaskedObject(now) && isMaskedObject(then) && same(now[name], then[name]));
  const of = (value: MaskedObject) =>
    Object.fromEntries(Object.entries(value).filter(([name]) => changes(name)));
  return [of(before), of(after)];
}

function diffOf(shown: ShownChange, kind: Kind, before: Masked, after: Masked): string[] {
  if (kind === 'create') return creationLines(after);
  if (kind === 'destroy') return attributeDiff(before, undefined);
  if (kind === 'move' || kind === 'forget' || kind === 'read') return [];
  return attributeDiff(before, after, shown.change.replace_paths ?? []);
}

function notesOf(shown: ShownChange, kind: Kind): string[] {
  const { previous_address: from, address, action_reason, change } = shown;
  const notes: string[] = [];
  const reason = action_reason === undefined ? undefined : REASONS[action_reason];
  if (reason !== undefined) notes.push(reason);
  if (kind === 'replace')
    notes.push(
      change.actions[0] === 'create' ? 'the new one is made first' : 'the old one is destroyed first',
    );
  if (from !== undefined && from !== address) notes.push(`moved from ${from}`);
  if (change.importing !== undefined) notes.push(`imported as ${change.importing.id ?? 'an identity'}`);
  if (kind === 'import' && change.actions.includes('update')) notes.push('then changed in place');
  if (kind === 'forget') notes.push('stays as it is, and Terraform no longer manages it');
  return notes;
}

/** Address of a resource, or of an object of it that a failed replacement has left behind. */
export function addressOf({ address, deposed }: ShownChange): string {
  return deposed === undefined ? address : `${address} (deposed object ${deposed})`;
}

/** All that a plan does to resources and outputs, in canonical form. */
export function canonicalChanges(
  changes: readonly MaskedChange[],
  plan: ShownPlan,
  veil: Veil,
  keyed: boolean,
): CanonicalChange[] {
  const resources = changes
    .filter(({ kind }) => kind !== undefined)
    .map(({ shown, before, after }) => {
      const { previous_address: from, change } = shown;
      const moved = from === shown.address ? undefined : from;
      const id = change.importing === undefined ? undefined : (change.importing.id ?? 'identity');
      const address = addressOf(shown);
      return canonicalChange(
        { address, from: moved, import: id, actions: change.actions, before, after },
        keyed,
      );
    });
  return [...resources, ...outputs(plan, veil).map((change) => canonicalChange(change, keyed))];
}

/** Outputs of the root module that change. */
export function outputs(plan: ShownPlan, veil: Veil) {
  return Object.entries(plan.output_changes)
    .filter(([, { actions }]) => actions.some((action) => action !== 'no-op'))
    .map(([name, change]) => {
      const address = `output.${name}`;
      return {
        address,
        actions: change.actions,
        before: masked(change.before, change.before_sensitive, undefined, address, veil),
        after: masked(change.after, change.after_sensitive, change.after_unknown, address, veil),
      };
    });
}
