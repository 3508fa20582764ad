import { describe, expect, test } from 'vitest';
import { newCatalog } from './lake.ts';

describe('a list of tables', () => {
  const withTables = async () => {
    const lake = await newCatalog();
    for (const Name of ['view_b', 'view_a', 'other', 'raw_view']) {
      await lake.call('CreateTable', {
        DatabaseName: 'db',
        TableInput: { Name, Description: `the ${Name}` },
      });
    }
    return lake;
  };
  const names = (answer: { readonly [key: string]: unknown }) =>
    (answer.TableList as { Name: string }[]).map(({ Name }) => Name);

  test.each([
    ['view_.*', ['view_a', 'view_b']],
    ['view_*', ['view_a', 'view_b']],
    ['*view', ['raw_view']],
    ['*view*', ['raw_view', 'view_a', 'view_b']],
    ['other|base', ['base', 'other']],
    ['view', []],
    ['', ['base', 'other', 'raw_view', 'view_a', 'view_b']],
  ])('filtered by %j holds the whole names that fit', async (Expression, expected) => {
    const { call } = await withTables();
    expect(names(await call('GetTables', { DatabaseName: 'db', Expression }))).toEqual(expected);
  });

  test('refuses a filter that is no regular expression', async () => {
    const { call } = await withTables();
    await expect(call('GetTables', { DatabaseName: 'db', Expression: '(' })).rejects.toMatchObject({
      code: 'InvalidInputException',
    });
  });

  test('comes in pages of at most MaxResults', async () => {
    const { call } = await withTables();
    const seen: string[] = [];
    let NextToken: unknown;
    do {
      const answer = await call('GetTables', {
        DatabaseName: 'db',
        MaxResults: 2,
        ...(typeof NextToken === 'string' ? { NextToken } : {}),
      });
      expect(names(answer).length).toBeLessThanOrEqual(2);
      seen.push(...names(answer));
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
    expect(seen).toEqual(['base', 'other', 'raw_view', 'view_a', 'view_b']);
  });

  test('is searched by text in names and descriptions and filtered by database', async () => {
    const { call } = await withTables();
    expect(names(await call('SearchTables', { SearchText: 'VIEW' }))).toEqual([
      'raw_view',
      'view_a',
      'view_b',
    ]);
    expect(names(await call('SearchTables', { Filters: [{ Key: 'DatabaseName', Value: 'x' }] }))).toEqual([]);
    await expect(
      call('SearchTables', { Filters: [{ Key: 'UpdateTime', Value: '1', Comparator: 'GREATER_THAN' }] }),
    ).rejects.toMatchObject({ code: 'InvalidInputException' });
  });

  test('loses the tables deleted together; missing ones are reported', async () => {
    const { call } = await withTables();
    expect(
      await call('BatchDeleteTable', { DatabaseName: 'db', TablesToDelete: ['view_a', 'nope', 'view_b'] }),
    ).toMatchObject({
      Errors: [{ TableName: 'nope', ErrorDetail: { ErrorCode: 'EntityNotFoundException' } }],
    });
    expect(names(await call('GetTables', { DatabaseName: 'db' }))).toEqual(['base', 'other', 'raw_view']);
  });
});
