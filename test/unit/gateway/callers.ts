import { servicePrincipal, userPrincipal } from '../../../src/local/gateway/identity/principal.ts';
import type { Caller } from '../../../src/local/gateway/protocol.ts';
import { TRINO_ACCESS_KEY } from '../../../src/local/lake.ts';

export const USER: Caller = {
  accessKeyId: 'local',
  principal: userPrincipal('arn:aws:iam::123456789012:user/local'),
};

export const TRINO: Caller = {
  accessKeyId: TRINO_ACCESS_KEY,
  principal: servicePrincipal('athena.amazonaws.com'),
};
