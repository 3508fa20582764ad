import { describe, expect, test } from 'vitest';
import type { DialectText, ViewStatement } from '../../../src/local/gateway/catalog/types.ts';
import { athena, BASE, DEFINER, newCatalog, settled, spark, sparkView, table } from './lake.ts';

const creating = (
  text: DialectText,
  more: { orReplace?: boolean; definer?: string } = {},
): ViewStatement => ({
  action: 'CREATE',
  database: 'DB',
  name: 'V',
  text,
  orReplace: more.orReplace ?? false,
  definer: more.definer ?? DEFINER,
});
const altering = (action: 'ADD' | 'UPDATE', text: DialectText, force = false): ViewStatement => ({
  action,
  database: 'db',
  name: 'v',
  text,
  force,
});

describe('CREATE PROTECTED MULTI DIALECT VIEW', () => {
  test('makes a view in lower case and answers the table that it stored', async () => {
    const { catalog } = await newCatalog();
    const stored = catalog.view(creating(athena('A', 'b')));
    expect(stored).toMatchObject({
      Name: 'v',
      DatabaseName: 'db',
      IsMultiDialectView: true,
      StorageDescriptor: { Columns: [{ Name: 'a' }, { Name: 'b' }] },
      ViewDefinition: {
        Definer: DEFINER,
        SubObjects: [BASE],
        Representations: [{ Dialect: 'ATHENA', DialectVersion: '3', ViewOriginalText: 'SELECT A, b' }],
      },
    });
    expect(catalog.table('db', 'v')).toEqual(stored);
    expect(catalog.tables('db').map(({ Name }) => Name)).toEqual(['base', 'v']);
  });

  test('refuses a name that is taken', async () => {
    const { catalog } = await newCatalog();
    catalog.view(creating(athena('a')));
    expect(() => catalog.view(creating(athena('a')))).toThrow('already exists');
  });

  test('with OR REPLACE replaces a view that has this dialect only', async () => {
    const { catalog } = await newCatalog();
    catalog.view(creating(athena('a')));
    expect(catalog.view(creating(athena('b'), { orReplace: true }))).toMatchObject({
      VersionId: '1',
      StorageDescriptor: { Columns: [{ Name: 'b' }] },
    });
  });

  test('with OR REPLACE is refused when another dialect exists', async () => {
    const { catalog } = await newCatalog();
    catalog.view(creating(athena('a')));
    catalog.view(altering('ADD', spark('a')));
    for (const text of [athena('a'), spark('a')]) {
      expect(() => catalog.view(creating(text, { orReplace: true }))).toThrow(
        'A Data Catalog view cannot be replaced if SQL dialects from other engines are present in the view.',
      );
    }
  });

  test('with OR REPLACE does not replace a table', async () => {
    const { catalog } = await newCatalog();
    expect(() =>
      catalog.view({ ...creating(athena('a')), name: 'base', orReplace: true } as ViewStatement),
    ).toThrow('not a Data Catalog view');
  });

  test('refuses a definer that is no role, and base tables that are absent or views', async () => {
    const { catalog } = await newCatalog();
    expect(() => catalog.view(creating(athena('a'), { definer: 'root' }))).toThrow('only an IAM role');
    expect(() =>
      catalog.view(creating({ ...athena('a'), subObjects: [BASE.replace('base', 'no')] })),
    ).toThrow('not found');
    catalog.view(creating(athena('a')));
    expect(() =>
      catalog.view({
        ...creating({ ...athena('a'), subObjects: [BASE.replace('base', 'v')] }),
        name: 'w',
      } as ViewStatement),
    ).toThrow('another view');
  });

  test('as a dry run answers what would be stored and stores nothing', async () => {
    const { catalog } = await newCatalog();
    const planned = catalog.viewDryRun(creating(athena('a')));
    expect(catalog.table('db', 'v')).toBeUndefined();
    expect(catalog.view(creating(athena('a')))).toEqual(planned);
    expect(() => catalog.viewDryRun(creating(athena('a')))).toThrow('already exists');
  });
});

describe('ALTER VIEW', () => {
  test('ADD DIALECT adds the engine of the statement, once', async () => {
    const { catalog } = await newCatalog();
    catalog.view(creating(spark('a')));
    expect(catalog.view(altering('ADD', athena('a')))).toMatchObject({
      ViewDefinition: {
        Representations: [
          { Dialect: 'SPARK', ViewOriginalText: 'SELECT a', ViewExpandedText: 'SELECT a' },
          { Dialect: 'ATHENA', ViewOriginalText: 'SELECT a' },
        ],
      },
    });
    expect(() => catalog.view(altering('ADD', athena('a')))).toThrow('already present');
  });

  test('ADD DIALECT with another schema is refused', async () => {
    const { catalog } = await newCatalog();
    catalog.view(creating(spark('a')));
    expect(() => catalog.view(altering('ADD', athena('b')))).toThrow(
      'Input and existing storage descriptor mismatch',
    );
  });

  test('FORCE UPDATE DIALECT makes the other stale until UPDATE DIALECT there', async () => {
    const { catalog } = await newCatalog();
    catalog.view(creating(spark('a')));
    catalog.view(altering('ADD', athena('a')));
    expect(() => catalog.view(altering('UPDATE', athena('a', 'b')))).toThrow('mismatch');
    expect(catalog.view(altering('UPDATE', athena('a', 'b'), true))).toMatchObject({
      ViewDefinition: {
        Representations: [
          { Dialect: 'SPARK', IsStale: true },
          { Dialect: 'ATHENA', IsStale: false },
        ],
      },
    });
    expect(catalog.view(altering('UPDATE', spark('a', 'b')))).toMatchObject({
      ViewDefinition: { Representations: [{ IsStale: false }, { IsStale: false }] },
    });
  });

  test('UPDATE DIALECT of an only dialect may change the schema', async () => {
    const { catalog } = await newCatalog();
    catalog.view(creating(athena('a')));
    expect(catalog.view(altering('UPDATE', athena('b')))).toMatchObject({
      StorageDescriptor: { Columns: [{ Name: 'b' }] },
    });
    expect(() => catalog.view(altering('UPDATE', spark('b')))).toThrow('Dialect [SPARK 1.0] not present');
  });

  test('DROP DIALECT takes the engine of the statement away', async () => {
    const { catalog } = await newCatalog();
    catalog.view(creating(spark('a')));
    catalog.view(altering('ADD', athena('a')));
    catalog.view({ action: 'DROP', database: 'db', name: 'v', dialect: 'ATHENA' });
    expect(catalog.table('db', 'v')).toMatchObject({
      ViewDefinition: { Representations: [{ Dialect: 'SPARK' }] },
    });
  });

  test('of a view that is absent or no Data Catalog view is refused', async () => {
    const { catalog } = await newCatalog();
    expect(() => catalog.view(altering('ADD', athena('a')))).toThrow('not found');
    expect(() => catalog.view({ ...altering('ADD', athena('a')), name: 'base' })).toThrow(
      'not a multi-dialect',
    );
  });
});

describe('Trino', () => {
  const decoded = (text: unknown) =>
    JSON.parse(Buffer.from(String(text).replace(/^\/\* Presto View: | \*\/$/g, ''), 'base64').toString());

  test('sees the ATHENA dialect in its own form, and nobody else does', async () => {
    const lake = await newCatalog();
    lake.catalog.view(creating(athena('a')));
    lake.catalog.view(altering('ADD', spark('a')));
    const { Table } = await lake.trino('GetTable', { DatabaseName: 'db', Name: 'v' });
    expect(Table).toMatchObject({
      TableType: 'VIRTUAL_VIEW',
      Owner: DEFINER,
      ViewExpandedText: '/* Presto View */',
      Parameters: { presto_view: 'true', comment: 'Presto View' },
    });
    expect(Table).not.toHaveProperty('ViewDefinition');
    expect(decoded((Table as { ViewOriginalText: string }).ViewOriginalText)).toEqual({
      originalSql: 'SELECT a',
      catalog: 'awsdatacatalog',
      schema: 'db',
      columns: [{ name: 'a', type: 'varchar' }],
      owner: DEFINER,
      runAsInvoker: false,
      path: [],
    });
    expect(await lake.trino('GetTables', { DatabaseName: 'db' })).toMatchObject({
      TableList: [{ Name: 'base' }, { Name: 'v', Parameters: { presto_view: 'true' } }],
    });
    expect(await table(lake, 'v')).not.toHaveProperty('ViewOriginalText');
  });

  test('cannot read a view without ATHENA dialect, nor list its database', async () => {
    const lake = await newCatalog();
    lake.catalog.view(creating(spark('a')));
    for (const [operation, input] of [
      ['GetTable', { DatabaseName: 'db', Name: 'v' }],
      ['GetTables', { DatabaseName: 'db' }],
    ] as const) {
      await expect(lake.trino(operation, input)).rejects.toMatchObject({
        code: 'InvalidInputException',
        message: 'Dialect [ATHENA 3] not present',
      });
      expect(await lake.call(operation, input)).toBeDefined();
    }
  });

  test('cannot read a stale view, but still lists its database', async () => {
    const lake = await newCatalog();
    lake.catalog.view(creating(athena('a')));
    lake.catalog.view(altering('ADD', spark('a')));
    lake.catalog.view(altering('UPDATE', spark('b'), true));
    await expect(lake.trino('GetTable', { DatabaseName: 'db', Name: 'v' })).rejects.toMatchObject({
      code: 'InvalidInputException',
      message: expect.stringContaining('stale'),
    });
    expect(await lake.trino('GetTables', { DatabaseName: 'db' })).toMatchObject({
      TableList: [{ Name: 'base' }, { Name: 'v' }],
    });
  });

  test('does not find a view that was never created successfully', async () => {
    const lake = await newCatalog();
    await lake.call('CreateTable', {
      DatabaseName: 'db',
      TableInput: {
        Name: 'v',
        ViewDefinition: {
          Definer: DEFINER,
          Representations: [
            { Dialect: 'ATHENA', ViewOriginalText: 'broken', ValidationConnection: 'athena' },
          ],
        },
      },
    });
    await settled(lake, 'v');
    await expect(lake.trino('GetTable', { DatabaseName: 'db', Name: 'v' })).rejects.toMatchObject({
      code: 'EntityNotFoundException',
    });
    expect(await lake.trino('GetTables', { DatabaseName: 'db' })).toMatchObject({
      TableList: [{ Name: 'base' }],
    });
  });

  test('keeps its own views verbatim', async () => {
    const lake = await newCatalog();
    const own = {
      Name: 'mine',
      Owner: 'demo',
      TableType: 'VIRTUAL_VIEW',
      ViewOriginalText: '/* Presto View: e30= */',
      ViewExpandedText: '/* Presto View */',
      Parameters: { presto_view: 'true', comment: 'Presto View', trino_version: '476' },
    };
    await lake.trino('CreateTable', { DatabaseName: 'db', TableInput: own });
    await lake.trino('UpdateTable', { DatabaseName: 'db', TableInput: own });
    const { Table } = await lake.trino('GetTable', { DatabaseName: 'db', Name: 'mine' });
    expect(Table).toMatchObject(own);
    expect(await table(lake, 'mine')).toMatchObject({ ...own, IsMultiDialectView: false });
  });
});

test('a view is dropped in any state, once', async () => {
  const { catalog, call } = await newCatalog();
  catalog.view(creating(athena('a')));
  catalog.dropTable('DB', 'V');
  expect(catalog.table('db', 'v')).toBeUndefined();
  expect(() => catalog.dropTable('db', 'v')).toThrow('not found');
  await call('CreateTable', { DatabaseName: 'db', TableInput: sparkView('v', ['a']) });
});
