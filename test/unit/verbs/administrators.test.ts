import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { openDataLakeSettings } from '../../../src/aws/data-lake-settings.ts';
import { administrators } from '../../../src/verbs/administrators.ts';
import { inLines } from '../../../src/verbs/verb.ts';

const ROLE = 'arn:aws:iam::123456789012:role/mydatahub/mydatahub-github-apply-dev';
const OTHER = 'arn:aws:iam::123456789012:role/somebody-else';
const admin = (arn: string) => ({ DataLakePrincipalIdentifier: arn });

/** Lake Formation's two operations over HTTP, with settings that no SDK knows. `onWrite` hears each write. */
async function lakeFormation(settings: object, onWrite: (state: { settings: object }) => void = () => {}) {
  const state = { settings, writes: 0 };
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as { DataLakeSettings?: object };
    if (request.url === '/PutDataLakeSettings') {
      state.settings = body.DataLakeSettings ?? {};
      state.writes += 1;
      onWrite(state);
    }
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(
      request.url === '/GetDataLakeSettings' ? JSON.stringify({ DataLakeSettings: state.settings }) : '{}',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(() => server.close());
  const store = openDataLakeSettings({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
  });
  return { state, store };
}

const servers: (() => void)[] = [];
afterEach(() => {
  for (const close of servers.splice(0)) close();
});

const conversation = {
  ...inLines(() => {}),
  clock: { now: () => 0, sleep: async () => {} },
  signal: new AbortController().signal,
};

describe('the Lake Formation administrators', () => {
  it('are added to, with everybody and every setting kept, also one that no SDK knows', async () => {
    const before = {
      DataLakeAdmins: [admin(OTHER)],
      ReadOnlyAdmins: [admin('arn:aws:iam::123456789012:role/auditor')],
      CreateTableDefaultPermissions: [{ Principal: admin('IAM_ALLOWED_PRINCIPALS'), Permissions: ['ALL'] }],
      Parameters: { CROSS_ACCOUNT_VERSION: '4' },
      SettingOfNextYear: { Deep: [1, null] },
    };
    const { state, store } = await lakeFormation(before);
    const result = await administrators(store, { add: [ROLE], remove: [], readOnly: false }, conversation);
    expect(result).toEqual({ administrators: [OTHER, ROLE], added: [ROLE], removed: [] });
    expect(state.settings).toEqual({ ...before, DataLakeAdmins: [admin(OTHER), admin(ROLE)] });
  });

  it('are not written when all is so already', async () => {
    const { state, store } = await lakeFormation({ DataLakeAdmins: [admin(ROLE)] });
    const result = await administrators(
      store,
      { add: [ROLE], remove: [OTHER], readOnly: false },
      conversation,
    );
    expect(result).toEqual({ administrators: [ROLE], added: [], removed: [] });
    expect(state.writes).toBe(0);
  });

  it('lose only whom they are told to lose', async () => {
    const { state, store } = await lakeFormation({ DataLakeAdmins: [admin(OTHER), admin(ROLE)] });
    await administrators(store, { add: [], remove: [ROLE], readOnly: false }, conversation);
    expect(state.settings).toEqual({ DataLakeAdmins: [admin(OTHER)] });
  });

  it('are apart from those who only look', async () => {
    const { state, store } = await lakeFormation({ DataLakeAdmins: [admin(OTHER)] });
    await administrators(store, { add: [ROLE], remove: [OTHER], readOnly: true }, conversation);
    expect(state.settings).toEqual({ DataLakeAdmins: [admin(OTHER)], ReadOnlyAdmins: [admin(ROLE)] });
  });

  it('may be none yet', async () => {
    const { state, store } = await lakeFormation({});
    await administrators(store, { add: [ROLE], remove: [], readOnly: false }, conversation);
    expect(state.settings).toEqual({ DataLakeAdmins: [admin(ROLE)] });
  });

  it('are written again when somebody else wrote over them', async () => {
    let overwritten = false;
    const { state, store } = await lakeFormation({ DataLakeAdmins: [] }, (written) => {
      if (!overwritten) written.settings = { DataLakeAdmins: [admin(OTHER)] };
      overwritten = true;
    });
    const result = await administrators(store, { add: [ROLE], remove: [], readOnly: false }, conversation);
    expect(result.administrators).toEqual([OTHER, ROLE]);
    expect(state.writes).toBe(2);
  });

  it('are given up when something keeps writing over them, and the message says what it may be', async () => {
    const { store } = await lakeFormation({ DataLakeAdmins: [] }, (written) => {
      written.settings = { DataLakeAdmins: [] };
    });
    await expect(
      administrators(store, { add: [ROLE], remove: [], readOnly: false }, conversation),
    ).rejects.toThrow('overwritten 5 times');
  });

  it.each([
    'arn:aws:sts::123456789012:assumed-role/deployer/me',
    'deployer',
    'arn:aws:iam::123456789012:root',
  ])('are roles and users: %s is refused before anything is read', async (arn) => {
    const { state, store } = await lakeFormation({});
    await expect(
      administrators(store, { add: [arn], remove: [], readOnly: false }, conversation),
    ).rejects.toThrow('is not the ARN of an IAM role or user');
    expect(state.writes).toBe(0);
  });
});
