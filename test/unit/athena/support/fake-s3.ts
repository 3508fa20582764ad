import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * A server that keeps objects put into the bucket `lake`, by path. Beside it there is only the bucket of tables whose
 * place nobody names; every other one is missing.
 */
export async function startFakeS3() {
  const objects = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/');
    if (!/^\/(lake|local-warehouse)(\/|$)/.test(path)) {
      response.writeHead(404).end();
      return;
    }
    if (request.method === 'PUT') objects.set(path, await text(request));
    const copies = request.headers['x-amz-copy-source'] !== undefined;
    response.writeHead(200).end(copies ? '<CopyObjectResult><ETag>"x"</ETag></CopyObjectResult>' : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
