import { ownEndpoint } from '../../aws/connection.ts';
import type { LocalLake } from '../lake.ts';

/** What the gateway's own clients of moto are made with. */
export function motoClient(lake: Pick<LocalLake, 'motoEndpoint' | 'region' | 'credentials'>) {
  return {
    ...ownEndpoint(lake.motoEndpoint),
    region: lake.region,
    credentials: lake.credentials,
  };
}
