import { createHash } from 'node:crypto';

/** Every entity view begins with this. */
export const VIEW_PREFIX = 'entity_view_';
/** Columns every entity view has; no key's column may take them. */
export const RESERVED_COLUMNS = ['entity1', 'entity2', 'entity3', 'entity4'] as const;

/** Glue and Athena: at most 255 bytes, lower case. */
const NAME_LIMIT = 255;

export type NameKind = 'view' | 'column';

/** The order of the UTF-8 bytes, by which both engines and the jobs compare. */
export function byBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [one, other] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (one !== other) return rank(one) - rank(other);
  }
  return a.length - b.length;
}

/** Surrogates stand for what comes after U+FFFF, though their numbers are below U+E000. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

function digest(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** `name` shortened so that `_` and `suffix` fit within `limit` bytes; names are ASCII here. */
function withSuffix(name: string, suffix: string, limit: number): string {
  return `${name.slice(0, limit - suffix.length - 1)}_${suffix}`;
}

function limitOf(kind: NameKind): number {
  return kind === 'view' ? NAME_LIMIT - VIEW_PREFIX.length : NAME_LIMIT;
}

/**
 * The name a text asks for: lower case, `[a-z0-9_]`, at most 255 bytes with the view prefix; never empty.
 * A view's name comes without its prefix. Other texts may ask for the same name: see {@link assignNames}.
 */
export function nameFor(text: string, kind: NameKind): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const lost = plain === '';
  let name = lost ? 'x' : plain;
  if (kind === 'column' && /^[0-9]/.test(name)) name = `k_${name}`;
  const limit = limitOf(kind);
  if ((lost && text !== '') || name.length > limit) return withSuffix(name, digest(text).slice(0, 8), limit);
  return name;
}

/**
 * Names for all `texts` of one scope: the values of entity1 (`view`, names with prefix), or the keys of one entity1
 * (`column`). Names in `known` stay for ever; new texts are served in UTF-8 byte order, and a name already taken
 * gets 8, 16, 32 or 64 digits of the text's SHA-256. `others` are full names that no new text gets.
 */
export function assignNames(
  texts: Iterable<string>,
  kind: NameKind,
  known: ReadonlyMap<string, string> = new Map(),
  others: Iterable<string> = [],
): Map<string, string> {
  const prefix = kind === 'view' ? VIEW_PREFIX : '';
  const names = new Map(known);
  const taken = new Set<string>([...others, ...names.values()]);
  if (kind === 'column') for (const column of RESERVED_COLUMNS) taken.add(column);
  const fresh = [...new Set(texts)].filter((text) => !names.has(text));
  fresh.sort(byBytes);
  for (const text of fresh) {
    const name = freeName(text, kind, (candidate) => taken.has(prefix + candidate));
    names.set(text, prefix + name);
    taken.add(prefix + name);
  }
  return names;
}

/** Name of the further view `number` (from 2) of an entity1 whose first view is `first`; none of `taken`. */
export function numberedView(first: string, number: number, taken: ReadonlySet<string>): string {
  const ending = `_${number}`;
  const name = first.slice(0, NAME_LIMIT - ending.length) + ending;
  const hash = digest(first + ending);
  const suffixed = [8, 16, 32, 64].map((digits) => withSuffix(name, hash.slice(0, digits), NAME_LIMIT));
  const free = [name, ...suffixed].find((candidate) => !taken.has(candidate));
  if (free === undefined) throw new Error(`no free name for view ${number} of ${first}`);
  return free;
}

function freeName(text: string, kind: NameKind, isTaken: (name: string) => boolean): string {
  const wanted = nameFor(text, kind);
  if (!isTaken(wanted)) return wanted;
  const hash = digest(text);
  for (const digits of [8, 16, 32, 64]) {
    const candidate = withSuffix(wanted, hash.slice(0, digits), limitOf(kind));
    if (!isTaken(candidate)) return candidate;
  }
  throw new Error(`no free name for ${JSON.stringify(text)}: two texts with the same SHA-256`);
}
