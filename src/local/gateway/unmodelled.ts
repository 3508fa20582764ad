import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Target } from './calls.ts';
import { AwsError } from './protocol.ts';
import { sendRefusal, wireOf } from './wire.ts';

/**
 * What S3 lets be asked of a bucket or an object beside its content, and moto does not look at: it would list the
 * bucket, or delete it, instead. By `<method> <level>`.
 */
const UNMODELLED_SUBRESOURCES: Readonly<Record<string, readonly string[]>> = {
  'GET bucket': [
    'analytics',
    'intelligent-tiering',
    'metadataConfiguration',
    'metadataTable',
    'metrics',
    'session',
  ],
  'PUT bucket': ['analytics', 'intelligent-tiering', 'metadataInventoryTable', 'metrics', 'requestPayment'],
  'POST bucket': ['metadataConfiguration', 'metadataTable'],
  'DELETE bucket': [
    'analytics',
    'intelligent-tiering',
    'inventory',
    'metadataConfiguration',
    'metadataTable',
    'metrics',
  ],
  'GET object': ['retention', 'torrent'],
  'PUT object': ['encryption', 'renameObject'],
};

/** The S3 sub-resource that a request is about, if moto would take it for another one. */
export function unmodelledSubresource(request: IncomingMessage): string | undefined {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://s3');
  const level = pathname.split('/').filter(Boolean).length > 1 ? 'object' : 'bucket';
  const names = UNMODELLED_SUBRESOURCES[`${request.method} ${level}`] ?? [];
  return names.find((name) => searchParams.has(name));
}

/** The web page with which moto's web server answers for what moto does not know, or fails in. */
export function isErrorPage(answer: IncomingMessage, body: Buffer): boolean {
  return (
    (answer.statusCode ?? 0) >= 400 && body.subarray(0, 15).toString().toLowerCase() === '<!doctype html>'
  );
}

/**
 * Refuses an operation of a service that moto keeps, in the form that clients of that service read, by a status that
 * no client tries again. Returns the status.
 */
export function refuseUnmodelled(response: ServerResponse, target: Target, request: IncomingMessage): number {
  const message =
    `The local lake does not model ${target.service}.${target.operation}: ` +
    "moto, which answers for this service, does not know it or failed in it (see moto.log in the lake's folder)";
  const wire = wireOf(target.service, request);
  const error =
    wire === 's3'
      ? new AwsError('NotImplemented', message, { status: 501 })
      : new AwsError('UnknownOperationException', message);
  return sendRefusal(response, wire, request, error);
}
