import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Access } from './access/access.ts';
import { type AskParts, asksOf } from './access/asks-of.ts';
import type { S3Front } from './access/s3-front.ts';
import type { Admin } from './admin.ts';
import { sendError, sendOutput } from './answer.ts';
import { type Calls, isS3, targetOf } from './calls.ts';
import type { Fault, Faults } from './faults.ts';
import type { Identity } from './identity/identity.ts';
import type { Key } from './identity/keys.ts';
import { signatureOf } from './identity/signature.ts';
import { isUnsigned, type Sts } from './identity/sts.ts';
import { AwsError, type Caller, type JsonObject, type Operations } from './protocol.ts';
import type { createProxy, Incoming } from './proxy.ts';
import { sendRefusal, wireOf } from './wire.ts';

export const ADMIN_PATH = '/_mydatahub/';

export type GatewayParts = {
  /** Operations by the service name in `X-Amz-Target`: `AWSGlue`, `AmazonAthena`. */
  readonly services: Readonly<Record<string, Operations>>;
  readonly identity: Identity;
  readonly sts: Sts;
  readonly access: Access;
  /** What is needed to tell which permissions a call needs. */
  readonly asks: AskParts;
  readonly s3: S3Front;
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
  // S3's bodies may be large; those of the other services are short, and hold the name of the operation.
  const body = isS3(request) ? undefined : await buffer(request);
  const target = targetOf(request, body);
  const fault = parts.faults.take(target);
  let status = 0;
  try {
    status = await withFault(fault, { target, request, body, response }, (call) => answer(parts, call));
  } finally {
    parts.calls.add({ ...target, status, milliseconds: Math.round(performance.now() - started) });
  }
}

async function answer(parts: GatewayParts, call: Incoming): Promise<number> {
  const { target, request, response, deliver } = call;
  const wire = wireOf(target.service, request);
  try {
    const signed = !isUnsigned(target.service, target.operation);
    const key = signed ? parts.identity.authenticate(call, wire) : undefined;
    if (key !== undefined && target.service !== 'sts') return await served(parts, call, key);
    const form = new URLSearchParams(call.body?.toString());
    return await parts.sts.answer({ operation: target.operation, form, key }, response);
  } catch (error) {
    request.resume();
    if (!deliver) return error instanceof AwsError ? error.status : 400;
    if (error instanceof AwsError) return sendRefusal(response, wire, request, error);
    return sendError(response, error, `${target.service}.${target.operation}`);
  }
}

async function served(parts: GatewayParts, call: Incoming, key: Key): Promise<number> {
  const fineGrained = fineGrainedOf(call.request);
  const caller = { accessKeyId: key.accessKeyId, principal: key.principal, ...fineGrained };
  const { target, request, body, response, deliver } = call;
  if (body === undefined) return parts.s3.serve(call, caller);
  // What a view reads, Lake Formation reads for it: no policy of the view's reader is asked.
  if (caller.fineGrained !== 'views') {
    const asks = await asksOf(call, signatureOf(request)?.service ?? '', parts.asks);
    await parts.access.require(caller, ...asks);
  }
  const operations = parts.services[target.service];
  if (operations === undefined) return parts.proxy.forward(call);
  const operation = operations[target.operation];
  if (operation === undefined) {
    throw new AwsError(
      'UnknownOperationException',
      `The local lake does not model ${target.service}.${target.operation}`,
    );
  }
  const output = await operation(inputOf(body), caller);
  return deliver ? sendOutput(response, output) : 200;
}

/** Spark's catalogs under fine-grained access control ask Glue at paths of their own. */
function fineGrainedOf(request: IncomingMessage): Pick<Caller, 'fineGrained'> {
  const [, found] = /^\/_fine-grained-access\/(tables|views)\b/.exec(request.url ?? '') ?? [];
  return found === 'tables' || found === 'views' ? { fineGrained: found } : {};
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
  call: Omit<Incoming, 'deliver'>,
  work: (call: Incoming) => Promise<number>,
): Promise<number> {
  const { request, response } = call;
  switch (fault?.action) {
    case undefined:
      return work({ ...call, deliver: true });
    case 'delay':
      await sleep(fault.milliseconds);
      return work({ ...call, deliver: true });
    case 'throttle':
      request.resume();
      return sendError(response, new AwsError('ThrottlingException', 'Rate exceeded'), 'fault');
    case 'error':
      request.resume();
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
      await work({ ...call, deliver: false });
      return cut(fault, response);
  }
}

function cut(fault: Fault, response: ServerResponse): number {
  if (fault.action.startsWith('kill') && fault.pid !== undefined)
    process.kill(fault.group ? -fault.pid : fault.pid, 'SIGKILL');
  response.destroy();
  return 0;
}
