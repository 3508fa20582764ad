import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a scripted query answers, one page after the other. `busy` answers 503 that many times first. */
export type Script = {
  readonly pages: readonly object[];
  readonly busy?: number;
  /** The last page never comes: the query runs until it is cancelled. */
  readonly endless?: boolean;
};

const STATS = {
  state: 'RUNNING',
  queuedTimeMillis: 1,
  elapsedTimeMillis: 5,
  planningTimeMillis: 1,
  processedRows: 0,
  processedBytes: 0,
  physicalInputBytes: 0,
};

/** A column of type varchar or bigint, as Trino sends it. */
export function column(name: string, rawType = 'varchar') {
  return { name, type: rawType, typeSignature: { rawType, arguments: [] } };
}

/** A page: members of the protocol, with statistics filled in. */
export function page(members: object, stats: object = {}): object {
  return { ...members, stats: { ...STATS, ...stats } };
}

export function failed(errorName: string, message: string, errorType = 'USER_ERROR'): object {
  return page({ error: { errorName, message, errorType } }, { state: 'FAILED' });
}

/**
 * A server that speaks Trino's statement protocol and answers from a script: what real Trino cannot be made to do on
 * demand (being busy, running until cancelled, scanning a given number of bytes).
 */
export async function startFakeTrino(scriptOf: (sql: string) => Script) {
  const received: string[] = [];
  const cancelled: string[] = [];
  const queries: { readonly script: Script; busy: number }[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', endpoint());
    if (request.method === 'POST') {
      const sql = await text(request);
      received.push(sql);
      const script = scriptOf(sql);
      queries.push({ script, busy: script.busy ?? 0 });
      return send(response, queries.length - 1, -1);
    }
    const [, query = '', at = ''] = /^\/next\/(\d+)\/(\d+)$/.exec(url.pathname) ?? [];
    if (request.method === 'DELETE') {
      cancelled.push(received[Number(query)] ?? '');
      response.writeHead(204).end();
      return;
    }
    const entry = queries[Number(query)];
    if (entry && entry.busy > 0) {
      entry.busy -= 1;
      response.writeHead(503).end('busy');
      return;
    }
    return send(response, Number(query), Number(at));
  }

  function send(response: ServerResponse, query: number, at: number): void {
    const script = queries[query]?.script;
    const pages = script?.pages ?? [];
    const endless = script?.endless === true;
    const body = at < 0 ? page({}, { state: 'QUEUED', elapsedTimeMillis: 0 }) : (pages[at] ?? page({}));
    const next = at + 1 < pages.length || endless ? `${endpoint()}/next/${query}/${at + 1}` : undefined;
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ id: `query-${query}`, nextUri: next, ...body }));
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint: endpoint(),
    received,
    cancelled,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
