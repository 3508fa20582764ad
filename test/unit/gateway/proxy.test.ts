import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { isS3, targetOf } from '../../../src/local/gateway/calls.ts';
import { createProxy } from '../../../src/local/gateway/proxy.ts';

const PAGE = '<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n';
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function listening(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A gateway that passes everything to this stand-in for moto. Counts what arrives there. */
async function gatewayOver(handler: RequestListener): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const moto = await listening((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    handler(request, response);
  });
  const proxy = createProxy(moto);
  const url = await listening(async (request, response) => {
    const body = isS3(request) ? undefined : await buffer(request);
    void proxy.forward({ target: targetOf(request, body), request, body, response, deliver: true });
  });
  return { url, asked };
}

const signedFor = (service: string) => ({
  Authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/${service}/aws4_request, Signature=x`,
});

const failing: RequestListener = (request, response) => {
  request.resume();
  response.writeHead(500, { 'Content-Type': 'text/html; charset=utf-8' }).end(PAGE);
};

describe('what moto does not model', () => {
  it('is refused by its name, and never with a status that clients try again', async () => {
    const { url } = await gatewayOver(failing);
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...signedFor('logs'), 'X-Amz-Target': 'Logs_20140328.StartLiveTail' },
      body: '{}',
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('X-Amzn-ErrorType')).toBe('UnknownOperationException');
    expect(await answer.json()).toMatchObject({
      __type: 'UnknownOperationException',
      message: expect.stringContaining('does not model Logs_20140328.StartLiveTail'),
    });
  });

  it('is refused in XML to clients of the query protocol, by the Action of the form', async () => {
    const { url } = await gatewayOver(failing);
    const body = new URLSearchParams({ Action: 'SimulatePrincipalPolicy', Version: '2010-05-08' });
    const answer = await fetch(url, { method: 'POST', headers: signedFor('iam'), body });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(
      /<ErrorResponse><Error>.*<Code>UnknownOperationException<\/Code><Message>.*iam\.SimulatePrincipalPolicy/,
    );
  });

  it.each([
    ['GET', '/bucket?analytics&id=x'],
    ['DELETE', '/bucket?inventory&id=x'],
    ['GET', '/bucket/key?torrent'],
  ])('of S3 never reaches moto, which would take it for something else: %s %s', async (method, path) => {
    const { url, asked } = await gatewayOver((_request, response) => response.end());
    const answer = await fetch(url + path, { method, headers: signedFor('s3') });
    expect(answer.status).toBe(501);
    expect(await answer.text()).toMatch(/<Code>NotImplemented<\/Code>.*does not model s3\./);
    expect(asked).toEqual([]);
  });
});

describe('what moto models', () => {
  it('passes through with its bytes, whatever it answers', async () => {
    const { url, asked } = await gatewayOver(async (request, response) => {
      const body = await text(request);
      response.writeHead(404, { 'Content-Type': 'text/html' }).end(`<Error>${body}</Error>`);
    });
    const answer = await fetch(`${url}/bucket/key?tagging`, {
      method: 'PUT',
      headers: signedFor('s3'),
      body: 'ü',
    });
    expect([answer.status, await answer.text()]).toEqual([404, '<Error>ü</Error>']);
    expect(asked).toEqual(['PUT /bucket/key?tagging']);
  });

  it('is asked again in a read of S3 that it failed in, and not in a write', async () => {
    let failures = 2;
    const { url, asked } = await gatewayOver((request, response) => {
      failures -= 1;
      if (failures >= 0) failing(request, response);
      else response.end('<ListVersionsResult/>');
    });
    const answer = await fetch(`${url}/bucket?versions`, { headers: signedFor('s3') });
    expect([answer.status, await answer.text()]).toEqual([200, '<ListVersionsResult/>']);
    expect(asked).toEqual(Array(3).fill('GET /bucket?versions'));
    failures = 1;
    await fetch(`${url}/bucket/key`, { method: 'PUT', headers: signedFor('s3'), body: 'x' });
    expect(asked).toHaveLength(4);
  });

  it('fails with its own status in a plain write to S3, so that the client tries again', async () => {
    const { url } = await gatewayOver(failing);
    const answer = await fetch(`${url}/bucket/key`, { method: 'PUT', headers: signedFor('s3'), body: 'x' });
    expect(answer.status).toBe(500);
  });
});
