import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';

/**
 * Passes requests on to moto as they are: same headers (moto picks the service from Authorization), raw bytes both
 * ways, nothing decoded or signed again.
 */
export function createProxy(motoEndpoint: string) {
  const { hostname, port } = new URL(motoEndpoint);
  const agent = new Agent({ keepAlive: true });
  return {
    /**
     * Resolves with the status sent to the client, 0 when either side hung up. Without `deliver` moto does the work
     * and its answer is thrown away.
     */
    forward(request: IncomingMessage, response: ServerResponse, deliver: boolean): Promise<number> {
      return new Promise((resolve) => {
        const headers = { ...request.headers };
        delete headers.expect;
        const onward = httpRequest(
          { agent, hostname, port, method: request.method, path: request.url, headers },
          (answer) => {
            const status = answer.statusCode ?? 502;
            if (!deliver) {
              answer.resume().on('end', () => resolve(status));
              return;
            }
            response.writeHead(status, answer.headers);
            answer.pipe(response);
            answer.on('error', () => response.destroy());
            response.on('close', () => resolve(response.writableFinished ? status : 0));
          },
        );
        onward.on('error', () => {
          response.destroy();
          resolve(0);
        });
        request.on('error', () => onward.destroy());
        request.pipe(onward);
      });
    },
    close(): void {
      agent.destroy();
    },
  };
}
