import { isJsonObject } from '../input.ts';
import type { JsonObject } from '../protocol.ts';
import type { Incoming } from '../proxy.ts';
import { isForm } from '../wire.ts';
import type { Ask, Place } from './ask.ts';
import { type AthenaOwners, athenaAsks } from './athena-asks.ts';
import { glueAsks } from './glue-asks.ts';
import type { IamAccount } from './iam-account.ts';
import { iamAsks } from './iam-asks.ts';
import type { KeyTags } from './key-tags.ts';
import { kmsAsks } from './kms-asks.ts';
import { jsonMembers, otherAsks, permissionPrefix } from './other-asks.ts';

export type AskParts = {
  readonly place: Place;
  readonly account: IamAccount;
  readonly athena: AthenaOwners;
  readonly keyTags: KeyTags;
};

/** The permissions that a call needs of any service but S3 and STS. `service` is that of the credential scope. */
export async function asksOf(call: Incoming, service: string, parts: AskParts): Promise<readonly Ask[]> {
  const { place, account, athena, keyTags } = parts;
  const { operation } = call.target;
  if (isForm(call.request)) {
    const form = new URLSearchParams(call.body?.toString());
    if (service === 'iam') return iamAsks(operation, form, place, account);
    const members = { get: (name: string) => form.get(name) ?? undefined };
    return otherAsks(permissionPrefix(service), operation, members, {}, place);
  }
  const input = jsonOf(call.body);
  switch (service) {
    case 'glue':
      return glueAsks(operation, input, place);
    case 'athena':
      return athenaAsks(operation, input, place, athena);
    case 'kms':
      return kmsAsks(operation, input, place, keyTags);
    default:
      return otherAsks(permissionPrefix(service), operation, jsonMembers(input), input, place);
  }
}

/** What is no JSON object is refused by the service itself, and says nothing here. */
function jsonOf(body: Buffer | undefined): JsonObject {
  try {
    const parsed = JSON.parse(body?.toString() || '{}');
    return isJsonObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
