import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendError } from './answer.ts';
import type { AwsError } from './protocol.ts';

/** The forms in which AWS's services answer: S3's XML, the XML of the query protocol (IAM, STS, SNS), JSON. */
export type Wire = 's3' | 'query' | 'json';

export function wireOf(service: string, request: IncomingMessage): Wire {
  if (service === 's3') return 's3';
  return isForm(request) ? 'query' : 'json';
}

export function isForm(request: IncomingMessage): boolean {
  return request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
}

/** Sends a refusal in the form that clients of a service read. Returns the status. */
export function sendRefusal(
  response: ServerResponse,
  wire: Wire,
  request: IncomingMessage,
  error: AwsError,
): number {
  const id = randomUUID();
  switch (wire) {
    case 'json':
      return sendError(response, error, error.code);
    case 'query': {
      const body = `<Error><Type>Sender</Type>${codeAndMessage(error)}</Error><RequestId>${id}</RequestId>`;
      return sendXml(response, error.status, id, `<ErrorResponse>${body}</ErrorResponse>`);
    }
    case 's3': {
      // An answer to HEAD has no body: S3's clients have nothing but its status.
      const members = Object.entries(error.members).map(
        ([name, value]) => `<${name}>${xml(String(value))}</${name}>`,
      );
      const body = `<Error>${codeAndMessage(error)}${members.join('')}<RequestId>${id}</RequestId></Error>`;
      return sendXml(response, error.status, id, request.method === 'HEAD' ? '' : body);
    }
  }
}

/** Sends the answer of an operation of the query protocol; `result` is XML. */
export function sendQueryResult(
  response: ServerResponse,
  operation: string,
  namespace: string,
  result: string,
): number {
  const id = randomUUID();
  const metadata = `<ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata>`;
  const body = `<${operation}Result>${result}</${operation}Result>${metadata}`;
  return sendXml(
    response,
    200,
    id,
    `<${operation}Response xmlns="${namespace}">${body}</${operation}Response>`,
  );
}

/** Text as it stands between XML tags. */
export function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function codeAndMessage({ code, message }: AwsError): string {
  return `<Code>${code}</Code><Message>${xml(message)}</Message>`;
}

function sendXml(response: ServerResponse, status: number, id: string, text: string): number {
  const declared = text === '' ? '' : `<?xml version="1.0" encoding="UTF-8"?>\n${text}`;
  response.writeHead(status, {
    'Content-Type': 'application/xml',
    'Content-Length': Buffer.byteLength(declared),
    'x-amzn-RequestId': id,
    'x-amz-request-id': id,
  });
  response.end(declared);
  return status;
}
