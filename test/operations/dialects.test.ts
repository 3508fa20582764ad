import { DeleteTableCommand, GetTableCommand, UpdateTableCommand } from '@aws-sdk/client-glue';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { injectFault, withoutFaults } from '../e2e/support/faults.ts';
import { glue, LAKE_LOGS, logOf, publish, runsOf, VIEWS_JOB } from '../e2e/support/jobs.ts';
import { mydatahub, query, verb } from '../e2e/support/lake.ts';
import { putObject } from '../e2e/support/s3.ts';

const DIALECT_JOB = 'create-views-spark-dialect';
const HEADER = 'entity1,entity2,entity3,entity4,key,value\n';
const ONE = 'entity_view_dialects_one';
const TWO = 'entity_view_dialects_two';
/** What AWS answers where it takes the SPARK dialect from Spark alone. */
const REFUSAL = {
  service: 'AWSGlue',
  operation: 'UpdateTable',
  action: 'error',
  code: 'InvalidInputException',
  status: 400,
};

async function runChain(...options: string[]): Promise<void> {
  await verb('run-ingestion', ...options);
  await verb('wait-for-views');
}

async function dropSpark(Name: string): Promise<void> {
  const Representations = [{ Dialect: 'SPARK' as const }];
  await glue.send(
    new UpdateTableCommand({
      DatabaseName: 'iceberg_db',
      TableInput: { Name, ViewDefinition: { Representations } },
      ViewUpdateAction: 'DROP',
    }),
  );
}

async function dialectsOf(view: string): Promise<string[] | undefined> {
  const found = await glue
    .send(new GetTableCommand({ DatabaseName: 'iceberg_db', Name: view }))
    .catch((error: Error) => {
      if (error.name === 'EntityNotFoundException') return undefined;
      throw error;
    });
  return found?.Table?.ViewDefinition?.Representations?.map(({ Dialect }) => `${Dialect}`).sort();
}

async function rowsOf(view: string) {
  const select = `SELECT * FROM iceberg_db.${view} ORDER BY entity2`;
  return Promise.all((['athena', 'spark'] as const).map(async (engine) => query(engine, select)));
}

async function failingSmokeTest(): Promise<string> {
  const output = await mydatahub('smoke-test');
  expect(output.status).toBe(1);
  return output.stderr;
}

beforeAll(async () => {
  await putObject('raw-data/dialects.csv', `${HEADER}dialects one,b,c,d,k,v\ndialects two,b,c,d,k,v\n`);
  await runChain();
});
afterEach(withoutFaults);

describe('views whose SPARK dialect Glue refuses', () => {
  it('get it by Spark in one run of one job, and then answer the same in both engines', async () => {
    await dropSpark(ONE);
    await dropSpark(TWO);
    expect(await failingSmokeTest()).toMatch(/entity_view_dialects_one[\s\S]*the view has no SPARK dialect/);
    const before = (await runsOf(DIALECT_JOB)).length;
    await injectFault(REFUSAL);
    await runChain('--refresh');
    expect(await dialectsOf(ONE)).toEqual(['ATHENA', 'SPARK']);
    expect(await dialectsOf(TWO)).toEqual(['ATHENA', 'SPARK']);
    await verb('smoke-test');

    const [job] = await runsOf(VIEWS_JOB);
    const log = await logOf('output', job?.Id ?? '', LAKE_LOGS);
    const [spark, ...earlier] = await runsOf(DIALECT_JOB);
    expect(earlier).toHaveLength(before);
    expect(log).toMatch(
      /2 views get their SPARK dialect by Spark: Glue UpdateTable ADD.*InvalidInputException/,
    );
    for (const view of [ONE, TWO]) {
      expect(log).toContain(
        `[Step 2/3] SPARK dialect of iceberg_db.${view}: ADD by Spark, job run ${spark?.Id}`,
      );
      expect(log).toContain(`[Step 3/3] checked: iceberg_db.${view} has both dialects`);
    }
    expect(log).toMatch(
      /SUMMARY\n {2}created: 0\n {2}updated: 2: [^\n]*\n {2}unchanged: [^\n]*\n {2}failed: 0/,
    );
  });

  it('fail alone when Spark refuses them too, and are taken up by the next run', async () => {
    await dropSpark(ONE);
    await dropSpark(TWO);
    // The publisher's only call, and then the first of Spark's two statements.
    await injectFault({ ...REFUSAL, times: 2 });
    const { state, error, log } = await publish();
    expect(state).toBe('FAILED');
    expect(error).toMatch(/1 of \d+ views failed/);
    expect(error).toMatch(/create-views-spark-dialect\) did not set it either: .*InvalidInputException/);
    expect(log).toMatch(/updated: 1: .*\n.*unchanged.*\n {2}failed: 1: /);
    const dialects = [await dialectsOf(ONE), await dialectsOf(TWO)];
    expect(dialects.sort()).toEqual([['ATHENA'], ['ATHENA', 'SPARK']]);
    const again = await publish();
    expect(again.state).toBe('SUCCEEDED');
    expect(again.log).toMatch(/updated: 1: /);
    expect([await dialectsOf(ONE), await dialectsOf(TWO)]).toEqual([
      ['ATHENA', 'SPARK'],
      ['ATHENA', 'SPARK'],
    ]);
  });
});

describe('the strategy spark-first', () => {
  const SPARK_FIRST = { '--view_strategy': 'spark-first' };
  const remove = (view: string) =>
    glue.send(new DeleteTableCommand({ DatabaseName: 'iceberg_db', Name: view }));

  it('gives the same rows as athena-first', async () => {
    const before = await rowsOf(ONE);
    await remove(ONE);
    expect(await failingSmokeTest()).toMatch(/entity_view_dialects_one[\s\S]*the view is not in the catalog/);
    const { state, log } = await publish(SPARK_FIRST);
    expect(state).toBe('SUCCEEDED');
    expect(log).toMatch(
      /Step 1\/3\] SPARK dialect of iceberg_db.entity_view_dialects_one: CREATE by Spark[\s\S]*Step 2\/3\] ATHENA dialect of iceberg_db.entity_view_dialects_one: ALTER VIEW/,
    );
    expect(await rowsOf(ONE)).toEqual(before);
  });

  it('removes a new view again when its ATHENA step fails', async () => {
    await remove(ONE);
    await injectFault({
      service: 'AmazonAthena',
      operation: 'StartQueryExecution',
      action: 'error',
      code: 'InvalidRequestException',
      status: 400,
    });
    const { state, log } = await publish(SPARK_FIRST);
    expect(state).toBe('FAILED');
    expect(log).toContain(`Removed iceberg_db.${ONE} again`);
    expect(await dialectsOf(ONE)).toBeUndefined();
    await runChain('--refresh');
    await verb('smoke-test');
  });
});
