import {
  Agent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Target } from './calls.ts';
import type { IamAnswer } from './identity/user-keys.ts';
import type { AwsError } from './protocol.ts';
import { isErrorPage, refuseUnmodelled, unmodelledSubresource } from './unmodelled.ts';
import { sendRefusal } from './wire.ts';

const MOST_REPEATS = 5;

/** A request at the gateway. `body` is absent for S3, whose bodies stream through. */
export type Incoming = {
  readonly target: Target;
  readonly request: IncomingMessage;
  readonly body: Buffer | undefined;
  readonly response: ServerResponse;
  /** Without it the work is done, and its answer thrown away. */
  readonly deliver: boolean;
  /** Why a missing object of S3 is a refusal to this caller; `undefined` when it may know. */
  readonly onMissing?: () => Promise<AwsError | undefined>;
};

/**
 * Passes requests on to moto as they are: same headers (moto picks the service from Authorization), raw bytes both
 * ways, nothing decoded or signed again. What moto does not model is refused by its name. `onIam` hears what IAM has
 * done before its caller does.
 */
export function createProxy(
  motoEndpoint: string,
  options: { readonly onIam?: (answer: IamAnswer) => Promise<void> } = {},
) {
  const { hostname, port } = new URL(motoEndpoint);
  const agent = new Agent({ keepAlive: true });

  /** `body` as it was read before, or the request's own stream. */
  const ask = (request: IncomingMessage, body: Buffer | undefined): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = onwardHeaders(request, body);
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

  /**
   * Asks again where moto failed in a read of S3: it walks through a bucket without a lock, and fails when an object
   * goes in the meantime. AWS lists a bucket whatever else is done to it.
   */
  const askedAgain = async (
    { target, request }: Incoming,
    first: IncomingMessage,
  ): Promise<IncomingMessage> => {
    let answer = first;
    for (let again = 0; again < MOST_REPEATS; again += 1) {
      const failed = answer.statusCode === 500 && target.service === 's3' && request.method === 'GET';
      if (!failed) break;
      answer.resume();
      answer = await ask(request, Buffer.alloc(0));
    }
    return answer;
  };

  const handOver = async (incoming: Incoming, answer: IncomingMessage): Promise<number> => {
    const { target, request, response, deliver } = incoming;
    const status = answer.statusCode ?? 502;
    const hidden = status === 404 ? await incoming.onMissing?.() : undefined;
    if (hidden !== undefined) {
      answer.resume();
      return deliver ? sendRefusal(response, 's3', request, hidden) : hidden.status;
    }
    const isPage = status >= 400 && answer.headers['content-type']?.startsWith('text/html') === true;
    const isIamDone = target.service === 'iam' && target.mutating && status < 300;
    if (isPage || isIamDone) {
      const body = await buffer(answer);
      if (isIamDone) {
        const form = new URLSearchParams(incoming.body?.toString());
        await options.onIam?.({ operation: target.operation, form, body: body.toString() });
      }
      // Plain reads and writes of S3 are modelled: where moto fails in one of them, trying again may help.
      const modelled = target.service === 's3' && !target.operation.includes(':');
      if (!deliver) return status;
      if (isErrorPage(answer, body) && !modelled) return refuseUnmodelled(response, target, request);
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
    /** Resolves with the status sent to the client, 0 when either side hung up. */
    async forward(incoming: Incoming): Promise<number> {
      const { target, request, body, response, deliver } = incoming;
      if (target.service === 's3' && unmodelledSubresource(request) !== undefined) {
        request.resume();
        return deliver ? refuseUnmodelled(response, target, request) : 501;
      }
      try {
        return await handOver(incoming, await askedAgain(incoming, await ask(request, body)));
      } catch {
        response.destroy();
        return 0;
      }
    },
    /** moto's whole answer, for whoever has to change it. */
    async exchange({ request, body }: Incoming): Promise<{ status: number; body: Buffer }> {
      const answer = await ask(request, body);
      return { status: answer.statusCode ?? 502, body: await buffer(answer) };
    },
    close(): void {
      agent.destroy();
    },
  };
}

/** The request's own; those that a body read (and maybe changed) here makes wrong are put right or left out. */
function onwardHeaders(request: IncomingMessage, body: Buffer | undefined): IncomingHttpHeaders {
  const headers = { ...request.headers };
  delete headers.expect;
  if (body === undefined) return headers;
  delete headers['transfer-encoding'];
  delete headers['content-md5'];
  headers['content-length'] = String(body.length);
  return headers;
}
