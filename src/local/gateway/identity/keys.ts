import { randomBytes } from 'node:crypto';
import type { Principal } from './principal.ts';

/** An access key that somebody holds. */
export type Key = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly principal: Principal;
  /** `aws:userid`: the user's id, or the role's id and the session's name. */
  readonly userId: string;
  /** Temporary keys only. */
  readonly sessionToken?: string;
  /** Milliseconds since 1970; temporary keys only. */
  readonly expires?: number;
  /** Policy documents that narrow what the session may do; all must allow. */
  readonly sessionPolicies?: readonly string[];
};

/** What a caller signs with. */
export type TemporaryCredentials = Required<
  Pick<Key, 'accessKeyId' | 'secretAccessKey' | 'sessionToken' | 'expires'>
>;

/** Every access key that is valid in this lake. */
export type Keys = {
  add(key: Key): void;
  remove(accessKeyId: string): void;
  find(accessKeyId: string): Key | undefined;
  /** Makes temporary keys for a principal. `seconds` is their life. */
  issue(holder: Pick<Key, 'principal' | 'userId' | 'sessionPolicies'>, seconds: number): TemporaryCredentials;
};

export function createKeys(now: () => number = Date.now): Keys {
  const keys = new Map<string, Key>();
  return {
    add: (key) => void keys.set(key.accessKeyId, key),
    remove: (accessKeyId) => void keys.delete(accessKeyId),
    find: (accessKeyId) => keys.get(accessKeyId),
    issue(holder, seconds) {
      for (const key of keys.values()) {
        if (key.expires !== undefined && key.expires + FORGOTTEN_AFTER < now()) keys.delete(key.accessKeyId);
      }
      const credentials = {
        accessKeyId: `ASIA${letters(16)}`,
        secretAccessKey: randomSecret(),
        sessionToken: `IQoJb3JpZ2luX2Vj${randomBytes(120).toString('base64')}`,
        expires: now() + seconds * 1000,
      };
      keys.set(credentials.accessKeyId, { ...holder, ...credentials });
      return credentials;
    },
  };
}

/** An expired key is known for a while, so that its holder is told that it has expired and not that it never was. */
const FORGOTTEN_AFTER = 24 * 3_600_000;

export function randomSecret(): string {
  return randomBytes(30).toString('base64');
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Random characters of access key ids and unique ids. */
function letters(count: number): string {
  return Array.from(randomBytes(count), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
