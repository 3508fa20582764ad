import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createTrinoClient } from '../../../src/local/trino/client.ts';

const STATS = { state: 'FAILED' };
const NODELESS = { errorName: 'NO_NODES_AVAILABLE', message: 'No nodes available to run query' };

/** Trino's statement protocol: a query that refuses to run, `refused` times, and then has one row. */
async function trino(refused: number) {
  let queries = 0;
  const server = createServer(({ method }, response) => {
    if (method === 'POST') queries += 1;
    const id = `query_${queries}`;
    const ended = queries <= refused ? { error: NODELESS } : { data: [[1]] };
    const next = { nextUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/next` };
    response.end(JSON.stringify({ id, stats: STATS, ...(method === 'POST' ? next : ended) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('a query for which Trino does not know a node yet is handed over again', async () => {
  const client = createTrinoClient({ endpoint: await trino(2) });
  expect(await client.rows('SELECT 1')).toMatchObject({ id: 'query_3', rows: [[1]] });
});
