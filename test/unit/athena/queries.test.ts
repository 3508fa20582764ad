import { describe, expect, test } from 'vitest';
import { athenaOver, fakeCatalog, refusalOf } from './support/athena-under-test.ts';
import { column, failed, page } from './support/fake-trino.ts';

const ONE = { pages: [page({ columns: [column('a')], data: [['x']] }), page({}, { state: 'FINISHED' })] };
const numbers = (count: number) => Array.from({ length: count }, (_, at) => [at]);
const rowsOf = (answer: unknown) => (answer as { ResultSet: { Rows: { Data: object[] }[] } }).ResultSet.Rows;

describe('a query', () => {
  test('ends with its rows below a header, and as CSV under its full path', async () => {
    const data = [
      ['x', 'a"b'],
      [null, ''],
    ];
    await using lake = await athenaOver(() => ({
      pages: [page({ columns: [column('a'), column('b')], data }, { physicalInputBytes: 77 })],
    }));
    const id = await lake.start(' SELECT 1; ', {
      QueryExecutionContext: { Database: 'd', Catalog: 'AwsDataCatalog' },
    });
    expect(await lake.ended(id)).toMatchObject({ State: 'SUCCEEDED' });
    expect(rowsOf(await lake.results(id))).toEqual([
      { Data: [{ VarCharValue: 'a' }, { VarCharValue: 'b' }] },
      { Data: [{ VarCharValue: 'x' }, { VarCharValue: 'a"b' }] },
      { Data: [{}, { VarCharValue: '' }] },
    ]);
    expect(await lake.execution(id)).toMatchObject({
      Query: 'SELECT 1',
      StatementType: 'DML',
      SubstatementType: 'SELECT',
      ResultConfiguration: { OutputLocation: `s3://lake/results/${id}.csv` },
      QueryExecutionContext: { Database: 'd', Catalog: 'awsdatacatalog' },
      Statistics: { DataScannedInBytes: 77 },
      WorkGroup: 'primary',
    });
    expect(lake.s3.objects.get(`/lake/results/${id}.csv`)).toBe('"a","b"\n"x","a""b"\n,""\n');
  });

  test('of 1,500 rows comes in pages of 1,000 and 501, the header counted', async () => {
    await using lake = await athenaOver(() => ({
      pages: [
        page({ columns: [column('n', 'bigint')], data: numbers(700) }),
        page({ columns: [column('n', 'bigint')], data: numbers(800) }),
      ],
    }));
    const id = await lake.start('SELECT n FROM t');
    await lake.ended(id);
    const first = await lake.results(id);
    const second = await lake.results(id, { NextToken: first.NextToken });
    expect([rowsOf(first).length, rowsOf(second).length, second.NextToken]).toEqual([1000, 501, undefined]);
    expect(rowsOf(second)[0]).toEqual({ Data: [{ VarCharValue: '299' }] });
  });

  test('a full last page carries a token to an empty one', async () => {
    await using lake = await athenaOver(() => ({
      pages: [page({ columns: [column('n', 'bigint')], data: numbers(3) })],
    }));
    const id = await lake.start('SELECT n FROM t');
    await lake.ended(id);
    const full = await lake.results(id, { MaxResults: 4 });
    const empty = await lake.results(id, { MaxResults: 4, NextToken: full.NextToken });
    expect([rowsOf(full).length, rowsOf(empty), empty.NextToken]).toEqual([4, [], undefined]);
  });

  test('waits while the engine is busy', async () => {
    await using lake = await athenaOver(() => ({ ...ONE, busy: 2 }));
    expect(await lake.ended(await lake.start('SELECT 1'))).toMatchObject({ State: 'SUCCEEDED' });
  });

  test('that cannot be parsed is refused at the start, and no execution comes of it', async () => {
    await using lake = await athenaOver(() => ({
      pages: [failed('SYNTAX_ERROR', "line 1:1: mismatched input 'SELEC'")],
    }));
    expect(await refusalOf(lake.start('SELEC'))).toEqual([
      'InvalidRequestException',
      'MALFORMED_QUERY',
      "line 1:1: mismatched input 'SELEC'",
    ]);
    expect(await lake.call('ListQueryExecutions', {})).toEqual({ QueryExecutionIds: [] });
  });

  test('that the engine fails has Athena’s reason and error, and no results', async () => {
    await using lake = await athenaOver(() => ({
      pages: [page({}), failed('COLUMN_NOT_FOUND', "line 1:8: Column 'x' cannot be resolved")],
    }));
    const id = await lake.start('SELECT x');
    const reason =
      "COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved or requester is not authorized to access requested resources";
    expect(await lake.ended(id)).toMatchObject({
      State: 'FAILED',
      StateChangeReason: reason,
      AthenaError: { ErrorCategory: 2, ErrorType: 1006, Retryable: false, ErrorMessage: reason },
    });
    expect(await refusalOf(lake.results(id))).toEqual([
      'InvalidRequestException',
      'INVALID_QUERY_EXECUTION_STATE',
      'Query did not finish successfully. Final query state: FAILED',
    ]);
  });

  test('that runs has no results yet; stopped, it ends at once, in the engine too', async () => {
    await using lake = await athenaOver(() => ({ pages: [page({})], endless: true }));
    const id = await lake.start('SELECT forever');
    expect((await refusalOf(lake.results(id)))[2]).toMatch(/^Query has not yet finished. Current state: /);
    await lake.call('StopQueryExecution', { QueryExecutionId: id });
    const stopped = await lake.status(id);
    expect(stopped).toMatchObject({ State: 'CANCELLED', StateChangeReason: 'Query cancelled by user' });
    expect(stopped.AthenaError).toBeUndefined();
    expect(await refusalOf(lake.results(id))).toEqual([
      'InvalidRequestException',
      'RESULT_NOT_FOUND',
      'Could not find results',
    ]);
    await expect.poll(() => lake.trino.cancelled).toContain('SELECT forever');
  });

  test('that has ended stays as it is when it is stopped', async () => {
    await using lake = await athenaOver(() => ONE);
    const id = await lake.start('SELECT 1');
    await lake.ended(id);
    await lake.call('StopQueryExecution', { QueryExecutionId: id });
    expect(await lake.status(id)).toMatchObject({ State: 'SUCCEEDED' });
  });

  test('that reads more than its workgroup allows is cancelled, with that reason', async () => {
    await using lake = await athenaOver(() => ({
      pages: [page({}, { physicalInputBytes: 10_000_001 })],
      endless: true,
    }));
    await lake.call('CreateWorkGroup', {
      Name: 'small',
      Configuration: {
        BytesScannedCutoffPerQuery: 10_000_000,
        ResultConfiguration: { OutputLocation: 's3://lake/own' },
      },
    });
    const id = await lake.start('SELECT 1', { WorkGroup: 'small' });
    expect(await lake.ended(id)).toMatchObject({
      State: 'CANCELLED',
      StateChangeReason: 'Bytes scanned limit was exceeded',
    });
    expect(await lake.execution(id)).toMatchObject({
      ResultConfiguration: { OutputLocation: `s3://lake/own/${id}.csv` },
    });
  });
});

describe('starting a query', () => {
  test('again with its token gives the same id; with another text it is refused', async () => {
    await using lake = await athenaOver(() => ONE);
    const token = { ClientRequestToken: 't'.repeat(32) };
    const id = await lake.start('SELECT 1', token);
    expect(await lake.start('SELECT 1', token)).toBe(id);
    expect(await refusalOf(lake.start('SELECT 1;', token))).toEqual([
      'InvalidRequestException',
      'IDEMPOTENT_PARAMETER_MISMATCH',
      'Idempotent parameters do not match',
    ]);
    expect(lake.trino.received).toEqual(['SELECT 1']);
  });

  test('twice at the same moment with one token runs it once', async () => {
    await using lake = await athenaOver(() => ONE);
    const token = { ClientRequestToken: 't'.repeat(32) };
    const [first, second] = await Promise.all([lake.start('SELECT 1', token), lake.start('SELECT 1', token)]);
    expect(first).toBe(second);
    expect(lake.trino.received).toHaveLength(1);
  });

  test.each([
    ['no token', { ClientRequestToken: null }, 'clientRequestToken is null or empty'],
    ['a short token', { ClientRequestToken: 'x' }, /greater than or equal to 32$/],
    [
      'a location that is none',
      { ResultConfiguration: { OutputLocation: '/x' } },
      'outputLocation is not a valid S3 path.',
    ],
    ['no location at all', { ResultConfiguration: {} }, /^No output location provided/],
    [
      'a bucket that is not there',
      { ResultConfiguration: { OutputLocation: 's3://nowhere/' } },
      'Unable to verify/create output bucket nowhere',
    ],
    ['a workgroup that is not there', { WorkGroup: 'nope' }, 'WorkGroup is not found.'],
    [
      'no text',
      { QueryString: null },
      "1 validation error detected: Value null at 'queryString' failed to satisfy constraint: Member must not be null",
    ],
    [
      'a text of more than 262,144 bytes',
      { QueryString: `SELECT '${'ä'.repeat(131_072)}'` },
      /less than or equal to 262144$/,
    ],
    ['a number for a text', { QueryString: 1 }, 'NUMBER_VALUE can not be converted to a String'],
  ])('is refused with %s', async (_what, input, message) => {
    await using lake = await athenaOver(() => ONE);
    expect((await refusalOf(lake.start('SELECT 1', input)))[2]).toEqual(expect.stringMatching(message));
    expect(lake.trino.received).toEqual([]);
  });

  test('is refused beyond 20 DDL statements at a time', async () => {
    await using lake = await athenaOver(() => ({ pages: [page({})], endless: true }));
    const starts = Array.from({ length: 21 }, (_, at) => lake.start(`CREATE VIEW d.v${at} AS SELECT 1 a`));
    const ends = await Promise.allSettled(starts);
    const refused = ends.filter((end) => end.status === 'rejected');
    expect(refused).toEqual([
      { status: 'rejected', reason: expect.objectContaining({ code: 'TooManyRequestsException' }) },
    ]);
    expect(refused[0]?.reason.members.Reason).toBe('CONCURRENT_QUERY_LIMIT_EXCEEDED');
  });

  test('a DESCRIBE of a table that is missing is refused', async () => {
    await using lake = await athenaOver(() => ONE, fakeCatalog().catalog);
    expect((await refusalOf(lake.start('DESCRIBE d.nope')))[2]).toMatch(
      /^Entity Not Found \(Service: AmazonDataCatalog;/,
    );
  });
});
