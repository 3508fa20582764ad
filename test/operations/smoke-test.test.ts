import { beforeAll, describe, expect, it } from 'vitest';
import type { SmokeTestResult } from '../../src/verbs/smoke-test.ts';
import { sendRules } from '../e2e/support/custom-views.ts';
import { mydatahub, verb } from '../e2e/support/lake.ts';
import { putObject } from '../e2e/support/s3.ts';

const VIEW = 'entity_view_smoke';
const HEADER = 'entity1,entity2,entity3,entity4,key,value\n';
const FILE = `${HEADER}smoke,a,,,k,straße\nsmoke,b,,,k,plain\nsmoke,c,,,k,groß\n`;

/** What a verb that fails prints for people. */
async function failing(...args: string[]): Promise<string> {
  const output = await mydatahub(...args);
  expect(output.status).toBe(1);
  return output.stderr;
}

const withColumn = (expression: string) => ({
  views: [{ entity1: 'smoke', extra_columns: { loud: { expression } } }],
});

beforeAll(async () => {
  await putObject('raw-data/smoke.csv', FILE);
  // The engines have different capitals of this letter (docs/custom-views.md).
  await sendRules(withColumn('upper(k)'));
  await verb('run-ingestion');
  await verb('wait-for-views');
});

describe('the smoke test', () => {
  it('names the column in which the engines differ, with both values', async () => {
    const said = await failing('smoke-test');
    expect(said).toMatch(/FAILED {2}entity_view_smoke +3 rows, 6 columns\n +the fingerprints differ: /);
    expect(said).toMatch(
      /\n +loud differs in 2 rows: entity2="[ac]": [^;\n]* in Spark; entity2="[ac]": [^;\n]* in Spark\n/,
    );
    expect(said).toContain('entity2="a": "STRAßE" in Athena, "STRASSE" in Spark');
    expect(said).not.toMatch(/only in/);
  });

  it('says what to mend when the views job has refused a view, since another run would refuse it too', async () => {
    await sendRules(withColumn('k + 1'));
    await putObject('raw-data/smoke-more.csv', `${HEADER}smoke,d,,,k,more\n`);
    await verb('run-ingestion');
    const waited = await failing('wait-for-views');
    expect(waited).not.toMatch(/Traceback|JobFailure/);
    const [log = '', failure = ''] = waited.split('\nerror: ');
    expect(
      log.match(/\| FAILED entity_view_smoke: config\/views\.yml:1: Athena: TYPE_MISMATCH/g),
    ).toHaveLength(1);
    expect(log).not.toMatch(/views? failed|To cure it/);
    expect(failure).toMatch(
      /why: {3}(1 of \d+|all 1) views? failed[^\n]*\n +iceberg_db\.entity_view_smoke: config\/views\.yml:1: [^\n]*\n {2}cure: {2}mend config\/views\.yml where it is named, then npx mydatahub upload-assets --lake/,
    );

    expect(await failing('smoke-test')).toMatch(
      /why: {3}verify-views follows [^\n]* the last run refused 1 view:\n +entity_view_smoke: config\/views\.yml:1: [^\n]*\n {2}cure: {2}mend config\/views\.yml where it is named, npx mydatahub upload-assets/,
    );

    await sendRules({ views: [] });
    expect(await failing('smoke-test')).toMatch(/refused 1 view, and config\/views\.yml has changed since/);
    await verb('run-ingestion');
    await verb('wait-for-views');
    const { views } = await verb<SmokeTestResult>('smoke-test');
    expect(views.find(({ view }) => view === VIEW)).toMatchObject({ ok: true, rows: 4, columns: 5 });
  });

  it('says of a refused view that it was compared as an earlier run left it', async () => {
    await sendRules(withColumn('k + 1'));
    await verb('run-ingestion');
    await failing('wait-for-views');
    const { status, stderr } = await mydatahub('smoke-test');
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /compared as an earlier run left it: 1 view that the last run refused: npx mydatahub views list --lake/,
    );
  });
});
