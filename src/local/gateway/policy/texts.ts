import type { Json } from '../protocol.ts';
import { UnmodelledPolicy } from './unmodelled-policy.ts';

/** One text or a list of them, as policies have them everywhere. Numbers and truth values count as their text. */
export function texts(value: Json | undefined): readonly string[] {
  const list: readonly Json[] = Array.isArray(value) ? value : [value ?? null];
  return list.map((item) => {
    if (typeof item === 'object') throw new UnmodelledPolicy(`${JSON.stringify(item)} where a text belongs`);
    return String(item);
  });
}
