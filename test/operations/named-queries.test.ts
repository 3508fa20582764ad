import { AthenaClient, GetNamedQueryCommand, ListNamedQueriesCommand } from '@aws-sdk/client-athena';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query, sharedLake, verb } from '../e2e/support/lake.ts';

const { endpoint, region, access_key_id, secret_access_key } = sharedLake();
const athena = new AthenaClient({
  endpoint,
  region,
  credentials: { accessKeyId: access_key_id, secretAccessKey: secret_access_key },
});
afterAll(() => athena.destroy());

describe('the named queries of the workgroup', () => {
  const texts = new Map<string, string>();

  beforeAll(async () => {
    const { NamedQueryIds } = await athena.send(new ListNamedQueriesCommand({ WorkGroup: 'mydatahub' }));
    for (const NamedQueryId of NamedQueryIds ?? []) {
      const { NamedQuery } = await athena.send(new GetNamedQueryCommand({ NamedQueryId }));
      expect(NamedQuery).toMatchObject({ Database: 'iceberg_db', WorkGroup: 'mydatahub' });
      texts.set(NamedQuery?.Name ?? '', NamedQuery?.QueryString ?? '');
    }
    await verb('upload-data');
    await verb('run-ingestion');
    await verb('wait-for-views');
  });

  const answer = (name: string) => query('athena', texts.get(name) ?? '');

  it('are five, and each has an answer', async () => {
    expect([...texts.keys()].sort()).toEqual([
      'entity-views',
      'first-rows-of-a-view',
      'rows-by-entity1',
      'rows-by-source-file',
      'snapshots',
    ]);
    for (const name of texts.keys()) expect((await answer(name)).rows.length, name).toBeGreaterThan(0);
  });

  it('list the views of the sample data, and count its rows', async () => {
    const views = (await answer('entity-views')).rows.map(([name]) => name);
    expect(views).toEqual(expect.arrayContaining(['entity_view_penguins', 'entity_view_seattle_weather']));
    const entities = (await answer('rows-by-entity1')).rows.map(([entity1, , count]) => [entity1, count]);
    expect(entities).toEqual(
      expect.arrayContaining([
        ['penguins', '344'],
        ['seattle_weather', '1461'],
      ]),
    );
    expect((await answer('first-rows-of-a-view')).rows).toHaveLength(5);
  });
});
