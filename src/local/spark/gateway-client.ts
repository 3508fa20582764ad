import { ownEndpoint } from '../../aws/connection.ts';
import type { Credentials, LocalLake } from '../lake.ts';

/** What clients are made with that act for a job, as its role, at the gateway. */
export function gatewayClient(lake: Pick<LocalLake, 'endpoint' | 'region'>, credentials: Credentials) {
  return { ...ownEndpoint(lake.endpoint), region: lake.region, credentials };
}
