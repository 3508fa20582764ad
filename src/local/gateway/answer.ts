import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { AwsError, type JsonObject } from './protocol.ts';

const JSON_11 = 'application/x-amz-json-1.1';

/** Sends an operation's output as AWS's JSON 1.1 protocol does. */
export function sendOutput(response: ServerResponse, output: JsonObject): number {
  return send(response, 200, output, {});
}

/**
 * Sends a refusal: `__type` in the body (boto3 needs it there) and the `X-Amzn-ErrorType` header. An error that is
 * not an {@link AwsError} is a bug of the gateway and says so.
 */
export function sendError(response: ServerResponse, error: unknown, operation: string): number {
  if (error instanceof AwsError) {
    const body = { __type: error.code, message: error.message, ...error.members };
    return send(response, error.status, body, { 'X-Amzn-ErrorType': error.code });
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`gateway: ${operation}: ${detail}\n`);
  const message = `The local lake failed in ${operation}: ${detail.split('\n')[0]} (details in its gateway.log)`;
  return send(response, 400, { __type: 'LocalLakeBug', message }, { 'X-Amzn-ErrorType': 'LocalLakeBug' });
}

function send(
  response: ServerResponse,
  status: number,
  body: JsonObject,
  headers: Record<string, string>,
): number {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': JSON_11,
    'Content-Length': Buffer.byteLength(text),
    'x-amzn-RequestId': randomUUID(),
    ...headers,
  });
  response.end(text);
  return status;
}
