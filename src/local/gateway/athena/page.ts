import type { JsonObject } from '../protocol.ts';
import { optionalInteger, optionalText, withinRange } from './members.ts';
import { refusal } from './refusal.ts';

/** A token that stands for the number of items already given. */
export function tokenOf(offset: number): string {
  return Buffer.from(JSON.stringify({ offset })).toString('base64');
}

/** Throws InvalidRequestException for a token that {@link tokenOf} did not make. */
export function offsetOf(token: string): number {
  const [, offset] = /^\{"offset":(\d+)\}$/.exec(Buffer.from(token, 'base64').toString()) ?? [];
  if (offset === undefined) throw refusal('INVALID_INPUT', `Malformed nextPageToken ${token}`);
  return Number(offset);
}

/** One page of a list by the request's NextToken and MaxResults. `next` has no member on the last page. */
export function page<T>(
  all: readonly T[],
  input: JsonObject,
  most: number,
): { items: readonly T[]; next: JsonObject } {
  const token = optionalText(input, 'NextToken');
  const start = token === undefined ? 0 : offsetOf(token);
  const size = withinRange('MaxResults', optionalInteger(input, 'MaxResults') ?? most, 0, most) || most;
  const end = start + size;
  return { items: all.slice(start, end), next: end < all.length ? { NextToken: tokenOf(end) } : {} };
}
