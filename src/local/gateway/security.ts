import { IAMClient } from '@aws-sdk/client-iam';
import { type LocalLake, TRINO_ACCESS_KEY } from '../lake.ts';
import { type Access, createAccess } from './access/access.ts';
import type { Place } from './access/ask.ts';
import { type BucketPolicies, createBucketPolicies } from './access/bucket-policies.ts';
import { createIamAccount, type IamAccount } from './access/iam-account.ts';
import { createIdentity, type Identity } from './identity/identity.ts';
import { createKeys, type Keys, randomSecret } from './identity/keys.ts';
import { servicePrincipal } from './identity/principal.ts';
import { createRoles, type Roles } from './identity/roles.ts';
import { createSts, type Sts } from './identity/sts.ts';
import { followUserKeys, type IamAnswer } from './identity/user-keys.ts';
import { motoClient } from './moto-client.ts';

/** Who is who in one lake, and who may do what. */
export type Security = {
  readonly place: Place;
  readonly keys: Keys;
  readonly identity: Identity;
  readonly account: IamAccount;
  readonly access: Access;
  readonly roles: Roles;
  readonly sts: Sts;
  readonly buckets: BucketPolicies;
  /** moto's IAM. */
  readonly iam: IAMClient;
  /** To be told of every change of IAM that moto has carried out. */
  onIam(answer: IamAnswer): Promise<void>;
};

/** `keys` are those of the lake's own parts; whatever others come to hold is added. */
export function createSecurity(
  lake: Pick<LocalLake, 'motoEndpoint' | 'region' | 'accountId' | 'credentials'>,
  keys: Keys,
): Security {
  const place = { region: lake.region, accountId: lake.accountId };
  const iam = new IAMClient(motoClient(lake));
  const account = createIamAccount(iam);
  const buckets = createBucketPolicies();
  const access = createAccess({ place, keys, account, buckets });
  const roles = createRoles({ keys, account, access, iam });
  const onUserKey = followUserKeys(keys, iam);
  return {
    place,
    keys,
    identity: createIdentity(keys),
    account,
    access,
    roles,
    sts: createSts({ keys, roles, accountId: lake.accountId }),
    buckets,
    iam,
    onIam(answer) {
      account.changed();
      return onUserKey(answer);
    },
  };
}

/** The keys of the lake's own parts, which nobody outside of this process learns. */
export type PartsKeys = {
  readonly keys: Keys;
  /** Of the gateway, for moto. */
  readonly gateway: LocalLake['credentials'];
  readonly trino: LocalLake['credentials'];
};

export function partsKeys(): PartsKeys {
  const keys = createKeys();
  const key = (accessKeyId: string, service: string): LocalLake['credentials'] => {
    const made = { accessKeyId, secretAccessKey: randomSecret() };
    keys.add({ ...made, principal: servicePrincipal(service), userId: accessKeyId });
    return made;
  };
  return {
    keys,
    gateway: key('gateway', 'glue.amazonaws.com'),
    trino: key(TRINO_ACCESS_KEY, 'athena.amazonaws.com'),
  };
}
