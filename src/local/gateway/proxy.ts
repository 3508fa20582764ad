import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Target } from './calls.ts';
import { isErrorPage, refuseUnmodelled, unmodelledSubresource } from './unmodelled.ts';

/**
 * Passes requests on to moto as they are: same headers (moto picks the service from Authorization), raw bytes both
 * ways, nothing decoded or signed again. What moto does not model is refused by its name.
 */
export function createProxy(motoEndpoint: string) {
  const { hostname, port } = new URL(motoEndpoint);
  const agent = new Agent({ keepAlive: true });

  /** `body` as it was read before, or the request's own stream. */
  const ask = (request: IncomingMessage, body: Buffer | undefined): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = { ...request.headers };
      delete headers.expect;
      const onward = httpRequest(
        { agent, hostname, port, method: request.method, path: request.url, headers },
        resolve,
      );
      onward.on('error', reject);
      if (body !== undefined) {
        onward.end(body);
        return;
      }
      request.on('error', () => onward.destroy());
      request.pipe(onward);
    });

  const handOver = async (
    parts: { target: Target; request: IncomingMessage; response: ServerResponse; deliver: boolean },
    answer: IncomingMessage,
    requestBody: Buffer | undefined,
  ): Promise<number> => {
    const { target, request, response, deliver } = parts;
    const status = answer.statusCode ?? 502;
    const mayBePage = status >= 400 && answer.headers['content-type']?.startsWith('text/html');
    if (mayBePage) {
      const body = await buffer(answer);
      // Plain reads and writes of S3 are modelled: where moto fails in one of them, trying again may help.
      const modelled = target.service === 's3' && !target.operation.includes(':');
      if (!deliver) return status;
      if (isErrorPage(answer, body) && !modelled) {
        return refuseUnmodelled(response, target, request, requestBody);
      }
      response.writeHead(status, answer.headers).end(body);
      return status;
    }
    return new Promise((resolve) => {
      if (!deliver) {
        answer.resume().on('end', () => resolve(status));
        return;
      }
      response.writeHead(status, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
      response.on('close', () => resolve(response.writableFinished ? status : 0));
    });
  };

  return {
    /**
     * Resolves with the status sent to the client, 0 when either side hung up. Without `deliver` moto does the work
     * and its answer is thrown away.
     */
    async forward(
      target: Target,
      request: IncomingMessage,
      response: ServerResponse,
      deliver: boolean,
    ): Promise<number> {
      const isS3 = target.service === 's3';
      if (isS3 && unmodelledSubresource(request) !== undefined) {
        request.resume();
        return deliver ? refuseUnmodelled(response, target, request, undefined) : 501;
      }
      try {
        // S3's bodies may be large; those of the other services are short, and hold the name of the operation.
        const body = isS3 ? undefined : await buffer(request);
        return await handOver({ target, request, response, deliver }, await ask(request, body), body);
      } catch {
        response.destroy();
        return 0;
      }
    },
    close(): void {
      agent.destroy();
    },
  };
}
