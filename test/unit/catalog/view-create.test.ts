import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/local/gateway/protocol.ts';
import {
  analyse,
  athenaView,
  BASE,
  DEFINER,
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

describe('CreateTable of a view with a SPARK text', () => {
  test('stores it at once, echoes the text, and keeps the schema in lower case', async () => {
    const lake = await newCatalog();
    await create(lake, sparkView('V', ['A', 'b']));
    expect(await table(lake, 'v')).toMatchObject({
      TableType: 'VIRTUAL_VIEW',
      VersionId: '0',
      IsMultiDialectView: true,
      StorageDescriptor: { Columns: [{ Name: 'a' }, { Name: 'b' }] },
      ViewDefinition: {
        IsProtected: true,
        Definer: DEFINER,
        SubObjects: [BASE],
        Representations: [
          { Dialect: 'SPARK', DialectVersion: '1.0', ViewOriginalText: 'SELECT spark', IsStale: false },
        ],
      },
    });
    expect(await table(lake, 'v')).not.toHaveProperty('Status');
  });

  test('needs a storage descriptor with columns', async () => {
    const lake = await newCatalog();
    for (const StorageDescriptor of [undefined, {}, { Columns: [] }]) {
      await expect(create(lake, { ...sparkView('v', ['a']), StorageDescriptor })).rejects.toThrow(
        'Storage Descriptor and columns must be provided with View Definition!',
      );
    }
  });

  test('takes no validation connection, since none exists for SPARK', async () => {
    const lake = await newCatalog();
    const view = sparkView('v', ['a'], {
      Representations: [{ Dialect: 'SPARK', ViewOriginalText: 'SELECT 1', ValidationConnection: 'athena' }],
    });
    await expect(create(lake, { ...view, StorageDescriptor: undefined })).rejects.toThrow(
      'No connection validates the SPARK dialect',
    );
  });

  test('refuses columns that differ by case only', async () => {
    await expect(create(await newCatalog(), sparkView('v', ['a', 'A']))).rejects.toThrow('more than once');
  });

  test.each([
    ['a definer that is a user', { Definer: 'arn:aws:iam::123456789012:user/me' }, 'only an IAM role'],
    ['an unprotected view', { IsProtected: false }, 'PROTECTED'],
    ['more than 10 base tables', { SubObjects: Array.from({ length: 11 }, () => BASE) }, '10 tables'],
    ['a base table that is no ARN', { SubObjects: ['db.base'] }, 'ARNs of tables'],
    ['a base table that is absent', { SubObjects: [BASE.replace('base', 'nope')] }, 'not found'],
    [
      'a base table of another account',
      { SubObjects: [BASE.replace('123456789012', '999999999999')] },
      'another account',
    ],
    ['no representation', { Representations: [] }, '1 to 10 representations'],
    [
      'an unknown dialect',
      { Representations: [{ Dialect: 'PRESTO', ViewOriginalText: 'x' }] },
      'REDSHIFT, ATHENA, SPARK',
    ],
    ['a materialized view', { RefreshSeconds: 60 }, 'materialized'],
    [
      'a text of 409,601 characters',
      { Representations: [{ Dialect: 'SPARK', ViewOriginalText: 'x'.repeat(409_601) }] },
      '409600',
    ],
    [
      'a dialect given twice',
      {
        Representations: [
          { Dialect: 'SPARK', ViewOriginalText: 'x' },
          { Dialect: 'SPARK', ViewOriginalText: 'y' },
        ],
      },
      'once',
    ],
  ])('refuses %s', async (_, definition, message) => {
    const lake = await newCatalog();
    await expect(create(lake, sparkView('v', ['a'], definition))).rejects.toThrow(message);
    expect(lake.catalog.table('db', 'v')).toBeUndefined();
  });

  test('refuses a view as base table', async () => {
    const lake = await newCatalog();
    await create(lake, sparkView('v', ['a']));
    await expect(
      create(lake, sparkView('w', ['a'], { SubObjects: [BASE.replace('base', 'v')] })),
    ).rejects.toThrow('another view');
  });
});

describe('CreateTable of a view with a validated ATHENA text', () => {
  test('answers at once, shows an empty table while it is validated, and then the view', async () => {
    const lake = await newCatalog();
    await create(lake, athenaView('v', 'SELECT a, b'));
    expect(await table(lake, 'v')).toMatchObject({
      VersionId: '-1',
      TableType: '',
      IsMultiDialectView: false,
      Status: {
        Action: 'CREATE',
        State: 'QUEUED',
        Details: {
          ViewValidations: [{ Dialect: 'ATHENA', State: 'QUEUED', ViewValidationText: 'SELECT a, b' }],
        },
      },
    });
    expect(lake.catalog.table('db', 'v')).toBeUndefined();
    expect(await settled(lake, 'v')).toMatchObject({
      VersionId: '0',
      TableType: 'VIRTUAL_VIEW',
      IsMultiDialectView: true,
      StorageDescriptor: {
        Columns: [
          { Name: 'a', Type: 'string' },
          { Name: 'b', Type: 'string' },
        ],
      },
      Status: {
        Action: 'CREATE',
        State: 'SUCCESS',
        RequestedBy: 'arn:aws:iam::123456789012:user/local',
        Details: { ViewValidations: [{ Dialect: 'ATHENA', State: 'SUCCESS' }] },
      },
    });
  });

  test('never shows the text again', async () => {
    const lake = await newCatalog();
    await create(lake, athenaView('v', 'SELECT a'));
    const { ViewDefinition } = await settled(lake, 'v');
    expect(ViewDefinition).toMatchObject({
      Representations: [{ Dialect: 'ATHENA', DialectVersion: '3', IsStale: false }],
    });
    expect(JSON.stringify(ViewDefinition)).not.toContain('SELECT a');
    expect(JSON.stringify(lake.catalog.table('db', 'v'))).toContain('SELECT a');
  });

  test('shows details only when asked for', async () => {
    const lake = await newCatalog();
    await create(lake, athenaView('v', 'SELECT broken'));
    await settled(lake, 'v');
    const { Table } = await lake.call('GetTable', { DatabaseName: 'db', Name: 'v' });
    expect(Table).toMatchObject({ Status: { State: 'FAILED' } });
    expect(JSON.stringify(Table)).not.toContain('broken');
  });

  test('that the engine refuses is FAILED with its message, can only be deleted, and then made again', async () => {
    const lake = await newCatalog();
    await create(lake, athenaView('v', 'SELECT broken'));
    expect(await settled(lake, 'v')).toMatchObject({
      VersionId: '-1',
      Status: {
        Action: 'CREATE',
        State: 'FAILED',
        Error: {
          ErrorCode: 'QueryExecutionException',
          ErrorMessage: expect.stringMatching(/Connection Name: athena .* Column broken cannot be resolved/),
        },
        Details: { ViewValidations: [{ State: 'FAILED', Error: { ErrorCode: 'QueryExecutionException' } }] },
      },
    });
    await expect(update(lake, 'REPLACE', athenaView('v', 'SELECT a'))).rejects.toThrow('Delete it');
    await expect(create(lake, athenaView('v', 'SELECT a'))).rejects.toMatchObject({
      code: 'AlreadyExistsException',
    });
    await lake.call('DeleteTable', { DatabaseName: 'db', Name: 'v' });
    await create(lake, athenaView('v', 'SELECT a'));
    expect(await settled(lake, 'v')).toMatchObject({ Status: { State: 'SUCCESS' } });
  });

  test('may not come with a storage descriptor', async () => {
    const lake = await newCatalog();
    const { StorageDescriptor } = sparkView('v', ['a']);
    await expect(create(lake, { ...athenaView('v', 'SELECT a'), StorageDescriptor })).rejects.toThrow(
      'Storage descriptor may not be defined when creating a validated Glue view',
    );
  });

  test('contradicts an unvalidated SPARK text in the same call, with and without a storage descriptor', async () => {
    const lake = await newCatalog();
    const both = {
      Representations: [
        { Dialect: 'ATHENA', ViewOriginalText: 'SELECT a', ValidationConnection: 'athena' },
        { Dialect: 'SPARK', ViewOriginalText: 'SELECT a' },
      ],
    };
    await expect(create(lake, sparkView('v', ['a'], both))).rejects.toThrow('may not be defined');
    await expect(create(lake, athenaView('v', '', both))).rejects.toThrow('must be provided');
  });

  test('takes no ViewExpandedText', async () => {
    const Representations = [
      { Dialect: 'ATHENA', ViewOriginalText: 'x', ViewExpandedText: 'x', ValidationConnection: 'athena' },
    ];
    await expect(create(await newCatalog(), athenaView('v', '', { Representations }))).rejects.toThrow(
      'View Expanded Text is not supported',
    );
  });

  test('needs a validation connection of its engine', async () => {
    const lake = await newCatalog();
    const through = (ValidationConnection?: string) =>
      create(
        lake,
        athenaView('v', '', {
          Representations: [{ Dialect: 'ATHENA', ViewOriginalText: 'SELECT a', ValidationConnection }],
        }),
      );
    await expect(through('nope')).rejects.toMatchObject({ code: 'EntityNotFoundException' });
    await lake.call('CreateConnection', {
      ConnectionInput: { Name: 'jdbc', ConnectionType: 'JDBC', ConnectionProperties: {} },
    });
    await expect(through('jdbc')).rejects.toThrow('not VIEW_VALIDATION_ATHENA');
    await expect(
      create(
        lake,
        sparkView('v', ['a'], { Representations: [{ Dialect: 'ATHENA', ViewOriginalText: 'SELECT a' }] }),
      ),
    ).rejects.toThrow('needs a ValidationConnection');
  });
});

test('a view deleted while its text is validated stays deleted', async () => {
  let finish: () => void = () => {};
  const waiting = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const lake = await newCatalog(async (sql, database) => {
    await waiting;
    return analyse(sql, database);
  });
  await create(lake, athenaView('v', 'SELECT a'));
  await lake.call('DeleteTable', { DatabaseName: 'db', Name: 'v' });
  await create(lake, sparkView('v', ['z']));
  finish();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await table(lake, 'v')).toMatchObject({ StorageDescriptor: { Columns: [{ Name: 'z' }] } });
});

test('a base table that the engine finds is checked as one that the caller names', async () => {
  const lake = await newCatalog();
  await create(lake, sparkView('v', ['a']));
  const onView = await newCatalog(async (sql, database) => ({
    ...(await analyse(sql, database)),
    subObjects: [BASE.replace('base', 'missing')],
  }));
  await create(onView, athenaView('w', 'SELECT a', { SubObjects: [] }));
  expect(await settled(onView, 'w')).toMatchObject({
    Status: { State: 'FAILED', Error: { ErrorCode: 'EntityNotFoundException' } },
  });
});
