import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from './admin.ts';
import { sendError, sendOutput } from './answer.ts';
import { type Calls, type Target, targetOf } from './calls.ts';
import type { Fault, Faults } from './faults.ts';
import { AwsError, type JsonObject, type Operations } from './protocol.ts';
import type { createProxy } from './proxy.ts';

export const ADMIN_PATH = '/_mydatahub/';

export type GatewayParts = {
  /** Operations by the service name in `X-Amz-Target`: `AWSGlue`, `AmazonAthena`. */
  readonly services: Readonly<Record<string, Operations>>;
  readonly proxy: ReturnType<typeof createProxy>;
  readonly calls: Calls;
  readonly faults: Faults;
  readonly admin: Admin;
};

/**
 * The endpoint of every AWS service of one lake: our own services answer themselves, moto keeps the rest. Every call
 * is recorded, and the faults that wait for it are carried out around it.
 */
export function createGateway(parts: GatewayParts) {
  return createServer((request, response) => {
    const answered = request.url?.startsWith(ADMIN_PATH)
      ? parts.admin(request, response)
      : serve(parts, request, response);
    answered.catch((error: unknown) => {
      process.stderr.write(`gateway: ${request.method} ${request.url}: ${String(error)}\n`);
      response.destroy();
    });
  });
}

async function serve(parts: GatewayParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const started = performance.now();
  const target = targetOf(request);
  const fault = parts.faults.take(target);
  let status = 0;
  try {
    status = await withFault(fault, request, response, (deliver) =>
      answer(parts, target, request, response, deliver),
    );
  } finally {
    parts.calls.add({ ...target, status, milliseconds: Math.round(performance.now() - started) });
  }
}

async function answer(
  parts: GatewayParts,
  target: Target,
  request: IncomingMessage,
  response: ServerResponse,
  deliver: boolean,
): Promise<number> {
  const operations = parts.services[target.service];
  if (operations === undefined) return parts.proxy.forward(target, request, response, deliver);
  const operation = operations[target.operation];
  try {
    const input = inputOf(await buffer(request));
    if (operation === undefined) {
      throw new AwsError(
        'UnknownOperationException',
        `The local lake does not model ${target.service}.${target.operation}`,
      );
    }
    const output = await operation(input, { accessKeyId: target.accessKeyId });
    return deliver ? sendOutput(response, output) : 200;
  } catch (error) {
    return deliver ? sendError(response, error, `${target.service}.${target.operation}`) : 400;
  }
}

function inputOf(body: Buffer): JsonObject {
  try {
    const parsed: unknown = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
    if (isObject(parsed)) return parsed;
  } catch {
    // Falls through to the refusal that AWS gives for a broken body.
  }
  throw new AwsError('SerializationException', 'The request body is not a JSON object');
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function withFault(
  fault: Fault | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  work: (deliver: boolean) => Promise<number>,
): Promise<number> {
  switch (fault?.action) {
    case undefined:
      return work(true);
    case 'delay':
      await sleep(fault.milliseconds);
      return work(true);
    case 'throttle':
      await buffer(request);
      return sendError(response, new AwsError('ThrottlingException', 'Rate exceeded'), 'fault');
    case 'error':
      await buffer(request);
      return sendError(
        response,
        new AwsError(fault.code, 'Injected fault', { status: fault.status }),
        'fault',
      );
    case 'cut-before':
    case 'kill-before':
      return cut(fault, response);
    case 'cut-after':
    case 'kill-after':
      await work(false);
      return cut(fault, response);
  }
}

function cut(fault: Fault, response: ServerResponse): number {
  if (fault.action.startsWith('kill') && fault.pid !== undefined) process.kill(fault.pid, 'SIGKILL');
  response.destroy();
  return 0;
}
