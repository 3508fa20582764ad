import { expect, test } from 'vitest';
import { fineGrainedRefusal } from '../../../src/local/spark/fine-grained-access.ts';
import { scriptArguments, sparkSettings, urls } from '../../../src/local/spark/job-arguments.ts';
import { propertiesFile, sparkConfiguration } from '../../../src/local/spark/spark-configuration.ts';
import { LAKE } from './fake-engine.ts';

const FGAC = { '--enable-lakeformation-fine-grained-access': 'true' };
const NONE = { own: [], managed: [] };

test('Settings chained in --conf are taken apart', () => {
  expect(sparkSettings({ '--conf': 'a=b --conf c=d=e --conf f=x y' })).toEqual({
    a: 'b',
    c: 'd=e',
    f: 'x y',
  });
  expect(sparkSettings({ '--conf': '--conf a=b' })).toEqual({ a: 'b' });
  expect(sparkSettings({})).toEqual({});
});

test('A flag without a value comes alone on the command line', () => {
  expect(scriptArguments({ '--enable-metrics': '', '--x': 'a b' })).toEqual([
    '--enable-metrics',
    '--x',
    'a b',
  ]);
});

test('S3 URLs are separated by commas', () => {
  expect(urls({ '--extra-jars': ' s3://b/1.jar, s3://b/2.jar,' }, '--extra-jars')).toEqual([
    's3://b/1.jar',
    's3://b/2.jar',
  ]);
});

test('A job cannot take Spark off this machine', () => {
  const settings = sparkConfiguration(
    LAKE,
    {
      '--conf':
        'spark.master=yarn --conf spark.sql.catalog.spark_catalog.glue.endpoint=https://glue.us-east-1.amazonaws.com' +
        ' --conf spark.sql.catalog.spark_catalog.s3.endpoint=https://s3.amazonaws.com --conf spark.x=1',
    },
    NONE,
    '/run',
  );
  expect(settings).toMatchObject({
    'spark.master': 'local[2]',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.sql.catalog.spark_catalog.glue.endpoint': LAKE.endpoint,
    'spark.sql.catalog.spark_catalog.s3.endpoint': LAKE.endpoint,
    'spark.x': '1',
  });
});

test('Own JARs come first only when the job asks for it, and there is no JAR without being asked for', () => {
  const jars = { own: ['/own.jar'], managed: ['/managed.jar'] };
  const classPath = (values: Record<string, string>, found: { own: string[]; managed: string[] }) =>
    sparkConfiguration(LAKE, values, found, '/run')['spark.driver.extraClassPath'];
  expect(classPath({}, jars)).toBe('/managed.jar:/own.jar');
  expect(classPath({ '--user-jars-first': 'true' }, jars)).toBe('/own.jar:/managed.jar');
  expect(classPath({}, { own: [], managed: [] })).toBeUndefined();
});

test('A properties file keeps separators, backslashes and line breaks of keys and values', () => {
  expect(propertiesFile({ 'a=b': 'c\\d\ne', plain: '"-Dx=y z"' })).toBe(
    'a\\=b c\\\\d\\ne\nplain "-Dx=y z"\n',
  );
});

test('Fine-grained access control is refused with fewer than 4 workers, own JARs or a named catalog', () => {
  const named = 'spark.sql.catalog.glue_catalog=org.apache.iceberg.spark.SparkCatalog';
  const session = 'spark.sql.catalog.spark_catalog=org.apache.iceberg.spark.SparkSessionCatalog';
  expect(fineGrainedRefusal(FGAC, 3, '5.1')).toMatch(/minimum of 4 workers .* has 3/);
  expect(fineGrainedRefusal(FGAC, undefined, '5.1')).toMatch(/minimum of 4 workers/);
  expect(fineGrainedRefusal({ ...FGAC, '--extra-jars': 's3://b/i.jar' }, 4, '5.1')).toMatch(
    /additional JARs/,
  );
  expect(fineGrainedRefusal({ ...FGAC, '--conf': named }, 4, '5.1')).toMatch(/'glue_catalog'/);
  expect(fineGrainedRefusal(FGAC, 4, '4.0')).toMatch(/5\.0 or later/);
  expect(fineGrainedRefusal({ ...FGAC, '--conf': session }, 4, '5.1')).toBeUndefined();
  expect(fineGrainedRefusal({ '--conf': named }, 2, '5.1')).toBeUndefined();
});
