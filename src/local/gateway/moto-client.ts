import type { LocalLake } from '../lake.ts';

/** What the gateway's own clients of moto are made with. FIPS and dual-stack endpoints of the user's AWS configuration are not for this machine. */
export function motoClient(lake: Pick<LocalLake, 'motoEndpoint' | 'region' | 'credentials'>) {
  return {
    endpoint: lake.motoEndpoint,
    region: lake.region,
    credentials: lake.credentials,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  };
}
