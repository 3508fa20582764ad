import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/local/gateway/protocol.ts';
import {
  allow,
  athenaView,
  BASE,
  DEFINER,
  LOCATION,
  newCatalog,
  settled,
  sparkView,
  type TestCatalog,
  table,
} from './lake.ts';

const create = ({ call }: TestCatalog, TableInput: JsonObject) =>
  call('CreateTable', { DatabaseName: 'db', TableInput });
const update = ({ call }: TestCatalog, action: string, TableInput: JsonObject, more: JsonObject = {}) =>
  call('UpdateTable', { DatabaseName: 'db', ViewUpdateAction: action, TableInput, ...more });

/** db.v with ATHENA and SPARK dialects over columns a, b. */
async function withBoth(): Promise<TestCatalog> {
  const lake = await newCatalog();
  await create(lake, athenaView('v', 'SELECT a, b'));
  await settled(lake, 'v');
  await update(lake, 'ADD', sparkView('v', ['a', 'b']));
  return lake;
}

describe('UpdateTable of a view', () => {
  test('adds a dialect whose schema is the same, one version on, and keeps parameters and creation', async () => {
    const lake = await withBoth();
    const found = await table(lake, 'v');
    expect(found).toMatchObject({
      VersionId: '1',
      ViewDefinition: {
        Representations: [
          { Dialect: 'ATHENA', IsStale: false },
          { Dialect: 'SPARK', IsStale: false },
        ],
      },
    });
    expect(found).not.toHaveProperty('Status');
  });

  test('adds a validated dialect to one with SPARK only, asynchronously', async () => {
    const lake = await newCatalog();
    await create(lake, sparkView('v', ['a']));
    await update(lake, 'ADD', athenaView('v', 'SELECT a'));
    expect(await table(lake, 'v')).toMatchObject({
      VersionId: '0',
      IsMultiDialectView: true,
      Status: { Action: 'UPDATE', State: 'QUEUED' },
    });
    expect(await settled(lake, 'v')).toMatchObject({
      VersionId: '1',
      ViewDefinition: { Representations: [{ Dialect: 'SPARK' }, { Dialect: 'ATHENA' }] },
    });
  });

  test('is refused while another change is pending', async () => {
    const lake = await newCatalog();
    await create(lake, athenaView('v', 'SELECT a'));
    for (const state of ['CREATE', 'UPDATE']) {
      await expect(update(lake, 'ADD', sparkView('v', ['a']))).rejects.toThrow(`its ${state} is QUEUED`);
      await expect(
        lake.call('UpdateTable', { DatabaseName: 'db', TableInput: { Name: 'v', Description: 'x' } }),
      ).rejects.toMatchObject({ code: 'ResourceNotReadyException' });
      await settled(lake, 'v');
      await update(lake, 'REPLACE', athenaView('v', 'SELECT a'));
    }
  });

  test('that fails leaves the definition before it in force, and the next one is allowed', async () => {
    const lake = await withBoth();
    await update(lake, 'REPLACE', athenaView('v', 'SELECT broken'));
    expect(await settled(lake, 'v')).toMatchObject({
      VersionId: '1',
      Status: { Action: 'UPDATE', State: 'FAILED' },
      StorageDescriptor: { Columns: [{ Name: 'a' }, { Name: 'b' }] },
    });
    expect(JSON.stringify(lake.catalog.table('db', 'v'))).toContain('SELECT a, b');
    await update(lake, 'REPLACE', athenaView('v', 'SELECT a, b'));
    expect(await settled(lake, 'v')).toMatchObject({ VersionId: '2', Status: { State: 'SUCCESS' } });
  });

  test('with another schema is refused: at once for SPARK, by its status for a validated text', async () => {
    const lake = await withBoth();
    const mismatch = 'Input and existing storage descriptor mismatch';
    await expect(update(lake, 'REPLACE', sparkView('v', ['a', 'c']))).rejects.toThrow(mismatch);
    await expect(update(lake, 'REPLACE', sparkView('v', ['b', 'a']))).rejects.toThrow(mismatch);
    await update(lake, 'REPLACE', athenaView('v', 'SELECT a, c'));
    expect(await settled(lake, 'v')).toMatchObject({
      Status: { State: 'FAILED', Error: { ErrorCode: 'InvalidInputException', ErrorMessage: mismatch } },
    });
  });

  test('with Force and another schema makes the other dialect stale until that one is replaced too', async () => {
    const lake = await withBoth();
    await update(lake, 'REPLACE', athenaView('v', 'SELECT a, c'), { Force: true });
    expect(await settled(lake, 'v')).toMatchObject({
      StorageDescriptor: { Columns: [{ Name: 'a' }, { Name: 'c' }] },
      ViewDefinition: {
        Representations: [
          { Dialect: 'ATHENA', IsStale: false },
          { Dialect: 'SPARK', IsStale: true },
        ],
      },
    });
    await update(lake, 'REPLACE', sparkView('v', ['a', 'c']));
    expect(await table(lake, 'v')).toMatchObject({
      ViewDefinition: { Representations: [{ IsStale: false }, { IsStale: false }] },
    });
  });

  test('with Force and the same schema makes nothing stale', async () => {
    const lake = await withBoth();
    await update(lake, 'REPLACE', sparkView('v', ['a', 'b']), { Force: true });
    expect(await table(lake, 'v')).toMatchObject({
      ViewDefinition: { Representations: [{ IsStale: false }, { IsStale: false }] },
    });
  });

  test('over other base tables is refused without Force', async () => {
    const lake = await withBoth();
    await lake.call('CreateTable', {
      DatabaseName: 'db',
      TableInput: { Name: 'other', StorageDescriptor: { Location: `${LOCATION}/db/other` } },
    });
    await allow(lake.call, DEFINER, { Table: { DatabaseName: 'db', Name: 'other' } }, ['SELECT'], ['SELECT']);
    await expect(
      update(lake, 'REPLACE', sparkView('v', ['a', 'b'], { SubObjects: [BASE.replace('base', 'other')] })),
    ).rejects.toThrow('sub objects mismatch');
  });

  test('knows which dialects are there', async () => {
    const lake = await newCatalog();
    await create(lake, sparkView('v', ['a']));
    await expect(update(lake, 'ADD', sparkView('v', ['a']))).rejects.toThrow(
      'Dialect [SPARK 1.0] already present',
    );
    await update(lake, 'REPLACE', athenaView('v', 'SELECT a'));
    expect(await settled(lake, 'v')).toMatchObject({
      Status: { State: 'FAILED', Error: { ErrorMessage: 'Dialect [ATHENA 3] not present' } },
    });
    await update(lake, 'ADD_OR_REPLACE', athenaView('v', 'SELECT a'));
    await settled(lake, 'v');
    await update(lake, 'ADD_OR_REPLACE', sparkView('v', ['a']));
    expect(await table(lake, 'v')).toMatchObject({
      ViewDefinition: { Representations: [{ Dialect: 'SPARK' }, { Dialect: 'ATHENA' }] },
    });
    await expect(update(lake, 'MERGE', sparkView('v', ['a']))).rejects.toThrow(
      'ViewUpdateAction must be one of',
    );
  });

  test('drops a dialect, but not the last one', async () => {
    const lake = await withBoth();
    const dropping = (Dialect: string) => ({ Name: 'v', ViewDefinition: { Representations: [{ Dialect }] } });
    await update(lake, 'DROP', dropping('SPARK'));
    await expect(update(lake, 'DROP', dropping('SPARK'))).rejects.toThrow('Dialect [SPARK 1.0] not present');
    await expect(update(lake, 'DROP', dropping('ATHENA'))).rejects.toThrow('last dialect');
    expect(await table(lake, 'v')).toMatchObject({
      ViewDefinition: { Representations: [{ Dialect: 'ATHENA' }] },
    });
  });

  test('without an action changes the description and keeps the definition; its status is null', async () => {
    const lake = await withBoth();
    await lake.call('UpdateTable', {
      DatabaseName: 'db',
      TableInput: { Name: 'v', Description: 'new', Parameters: { k: 'v' } },
    });
    const found = await table(lake, 'v');
    expect(found).toMatchObject({
      Description: 'new',
      Parameters: { k: 'v' },
      VersionId: '2',
      IsMultiDialectView: true,
      ViewDefinition: { Representations: [{ Dialect: 'ATHENA' }, { Dialect: 'SPARK' }] },
    });
    expect(found).not.toHaveProperty('Status');
  });

  test('without an action may not change definition or schema', async () => {
    const lake = await withBoth();
    const plain = (TableInput: JsonObject) => lake.call('UpdateTable', { DatabaseName: 'db', TableInput });
    await expect(plain(sparkView('v', ['a', 'b']))).rejects.toThrow('only with ViewUpdateAction');
    await expect(
      plain({ Name: 'v', StorageDescriptor: { Columns: [{ Name: 'x', Type: 'string' }] } }),
    ).rejects.toThrow('mismatch');
    await expect(plain({ Name: 'v', ViewOriginalText: '/* Presto View: e30= */' })).rejects.toThrow(
      'cannot be replaced by an ordinary view',
    );
  });

  test('from a stale version is refused', async () => {
    const lake = await withBoth();
    await expect(
      update(lake, 'REPLACE', sparkView('v', ['a', 'b']), { VersionId: '0' }),
    ).rejects.toMatchObject({
      code: 'ConcurrentModificationException',
    });
  });

  test('of a table that is no view is refused', async () => {
    const lake = await newCatalog();
    await expect(update(lake, 'ADD', sparkView('base', ['a']))).rejects.toThrow('not a multi-dialect view');
  });
});
