import { createHmac } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import {
  isMaskedObject,
  type Masked,
  type MaskedObject,
  Sensitive,
  same,
  stable,
  Unknown,
} from './masked.ts';

/** What a canonical form says in the place of a value. No value of a plan can look like these: names in it that begin so get the prefix once more. */
const PREFIX = 'mydatahub:';
const UNKNOWN = `${PREFIX}unknown`;
const SENSITIVE = `${PREFIX}sensitive`;

const entry = z.object({
  /** Address of the resource, with the deposed object it is about, or `output.NAME`. */
  address: z.string(),
  from: z.string().optional(),
  import: z.string().optional(),
  actions: z.array(z.string()),
  before: z.json(),
  after: z.json(),
});
const document = z.object({ version: z.literal(1), environment: z.string(), changes: z.array(entry) });

/** All that a plan would do, in an order and a form that depend on nothing else, and without a secret in it. */
export type Canonical = z.infer<typeof document>;
export type CanonicalChange = z.infer<typeof entry>;
type Json = CanonicalChange['before'];

/**
 * One change in its canonical form: of a change in place only the attributes that differ, of a creation all that is set, of a
 * destruction all that there is.
 *
 * @param keyed whether hashes of sensitive values are under a key that only readers of the state have; else they are left out
 */
export function canonicalChange(
  change: {
    address: string;
    from?: string | undefined;
    import?: string | undefined;
    actions: readonly string[];
    before: Masked;
    after: Masked;
  },
  keyed: boolean,
): CanonicalChange {
  const { address, from, import: id, actions } = change;
  const [before, after] = actions.every((action) => action === 'no-op')
    ? [null, null]
    : differing(change.before, change.after);
  return {
    address,
    ...(from === undefined ? {} : { from }),
    ...(id === undefined ? {} : { import: id }),
    actions: [...actions],
    before: canonicalValue(before, keyed),
    after: canonicalValue(after, keyed),
  };
}

function differing(before: Masked, after: Masked): [Masked, Masked] {
  if (!isMaskedObject(before) || !isMaskedObject(after)) return [before, after];
  const changed = (own: MaskedObject) =>
    Object.fromEntries(Object.entries(own).filter(([name]) => !same(before[name], after[name])));
  return [changed(before), changed(after)];
}

/** A value as JSON, names in order; only equal values give the same. Without `keyed` all sensitive values give one. */
export function canonicalValue(value: Masked, keyed: boolean): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Unknown) return { [UNKNOWN]: true };
  if (value instanceof Sensitive) return { [SENSITIVE]: keyed ? value.hash : true };
  if (Array.isArray(value)) return value.map((one) => canonicalValue(one, keyed));
  const ordered: Record<string, Json> = {};
  for (const [name, part] of Object.entries(value).sort(([a], [b]) => order(a, b))) {
    const said = canonicalValue(part, keyed);
    if (name === '__proto__') Object.defineProperty(ordered, name, { value: said, enumerable: true });
    else ordered[name.startsWith(PREFIX) ? `${PREFIX}${name}` : name] = said;
  }
  return ordered;
}

/** A value of a canonical form as one of a plan, to be compared with another. */
export function restored(value: Json): Masked {
  if (Array.isArray(value)) return value.map(restored);
  if (typeof value !== 'object' || value === null) return value;
  if (UNKNOWN in value) return Unknown.value;
  if (SENSITIVE in value) return new Sensitive(String(value[SENSITIVE]));
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name,
      restored(part),
    ]),
  );
}

/** The text of which the digest is taken; names in values are in order already. */
export function canonicalText({ version, environment, changes }: Canonical): string {
  const ordered = [...changes].sort((a, b) => order(a.address, b.address) || order(said(a), said(b)));
  const entries = ordered.map(({ address, from, import: id, actions, before, after }) => ({
    address,
    from,
    import: id,
    actions,
    before,
    after,
  }));
  return JSON.stringify({ version, environment, changes: entries });
}

function said({ actions, from, import: id }: CanonicalChange): string {
  return [...actions, from, id].join();
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Whether there is a sensitive value in what a canonical text says. */
export function holdsSensitive(text: string): boolean {
  return text.includes(`{"${SENSITIVE}":`);
}

/** Stands for exactly this plan. Without the key nobody can make one that fits another plan. */
export function digestOf(text: string, key: string): string {
  return createHmac('sha256', `mydatahub plan ${key}`).update(text).digest('hex');
}

/** Ties a plan's digest to the environment and the commit that it was reviewed for. */
export function sealOf(
  of: { readonly environment: string; readonly commit: string; readonly digest: string },
  key: string,
): string {
  return createHmac('sha256', `mydatahub seal ${key}`)
    .update(stable([of.environment, of.commit, of.digest]))
    .digest('hex');
}

/** A canonical text as letters and digits, `+`, `/` and `=`, which no Markdown means anything by. */
export function packed(text: string): string {
  return gzipSync(text, { level: 6 }).toString('base64');
}

/** Largest canonical text that is unpacked, in bytes: a comment is not to be trusted before its seal is checked. */
const LARGEST = 256 * 1024 * 1024;

/** The text that was {@link packed}; `undefined` when it is none, or was damaged. */
export function unpacked(letters: string): string | undefined {
  try {
    return gunzipSync(Buffer.from(letters, 'base64'), { maxOutputLength: LARGEST }).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Reads a canonical text. Throws for anything else. */
export function readCanonical(text: string): Canonical {
  return document.parse(JSON.parse(text));
}
