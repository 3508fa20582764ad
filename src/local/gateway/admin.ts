import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Calls } from './calls.ts';
import type { Faults } from './faults.ts';

export type Admin = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * The lake's own questions, beside AWS's: `GET calls?since=N` (the record and the last sequence number),
 * `POST faults` (adds one), `DELETE faults` (removes all), `POST shutdown`.
 */
export function createAdmin(calls: Calls, faults: Faults, shutdown: () => void): Admin {
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://gateway');
    const route = `${request.method} ${url.pathname.split('/').at(-1)}`;
    switch (route) {
      case 'GET calls':
        return reply(response, 200, {
          last: calls.last(),
          calls: calls.since(Number(url.searchParams.get('since') ?? 0)),
        });
      case 'POST faults':
        try {
          return reply(response, 200, faults.add(await json(request)));
        } catch (error) {
          return reply(response, 400, { error: String(error) });
        }
      case 'DELETE faults':
        faults.clear();
        return reply(response, 200, {});
      case 'POST shutdown':
        reply(response, 200, {});
        return shutdown();
      default:
        return reply(response, 404, { error: `no such question: ${route}` });
    }
  };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
