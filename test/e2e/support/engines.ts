import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import {
  CreateSessionCommand,
  DeleteSessionCommand,
  GetSessionCommand,
  GetStatementCommand,
  RunStatementCommand,
} from '@aws-sdk/client-glue';
import { glue, until } from './jobs.ts';
import { sharedLake } from './lake.ts';
import type { Role } from './principals.ts';

const lake = sharedLake();

/** What an engine answered: rows, or why it failed. */
export type Answer = { readonly rows: string[][] } | { readonly failure: string; readonly type?: number };

/** Runs a statement in Athena as a role; every value as text. */
export async function athena({ athena: client }: Pick<Role, 'athena'>, sql: string): Promise<Answer> {
  const { QueryExecutionId } = await client.send(
    new StartQueryExecutionCommand({ QueryString: sql, WorkGroup: 'mydatahub' }),
  );
  const { QueryExecution } = await until(
    () => client.send(new GetQueryExecutionCommand({ QueryExecutionId })),
    (answer) => /SUCCEEDED|FAILED|CANCELLED/.test(answer.QueryExecution?.Status?.State ?? ''),
  );
  const { State, StateChangeReason = '', AthenaError } = QueryExecution?.Status ?? {};
  if (State !== 'SUCCEEDED') {
    const type = AthenaError?.ErrorType;
    return { failure: StateChangeReason, ...(type === undefined ? {} : { type }) };
  }
  const { ResultSet } = await client.send(new GetQueryResultsCommand({ QueryExecutionId }));
  const rows = (ResultSet?.Rows ?? []).map((row) => (row.Data ?? []).map((cell) => cell.VarCharValue ?? ''));
  return { rows: QueryExecution?.StatementType === 'DML' ? rows.slice(1) : rows };
}

const CATALOG = 'spark.sql.catalog.spark_catalog';
const CONF = [
  'spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
  `${CATALOG}=org.apache.iceberg.spark.SparkSessionCatalog`,
  `${CATALOG}.catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog`,
  `${CATALOG}.io-impl=org.apache.iceberg.aws.s3.S3FileIO`,
  `${CATALOG}.warehouse=s3://${lake.bucket}/iceberg-data/`,
].join(' --conf ');

/** Spark with fine-grained access control, as a role. */
export type Spark = { ask(sql: string): Promise<Answer>; end(): Promise<void> };

export async function spark({ arn }: Pick<Role, 'arn'>): Promise<Spark> {
  const Id = `e2e-${arn.slice(arn.lastIndexOf('/') + 1)}`;
  await glue.send(
    new CreateSessionCommand({
      Id,
      Role: arn,
      Command: { Name: 'glueetl', PythonVersion: '3' },
      GlueVersion: '5.1',
      WorkerType: 'G.1X',
      NumberOfWorkers: 4,
      DefaultArguments: {
        '--enable-lakeformation-fine-grained-access': 'true',
        '--datalake-formats': 'iceberg',
        '--conf': CONF,
      },
    }),
  );
  const { Session } = await until(
    () => glue.send(new GetSessionCommand({ Id })),
    ({ Session }) => Session?.Status !== 'PROVISIONING',
  );
  if (Session?.Status !== 'READY')
    throw new Error(`the session is ${Session?.Status}: ${Session?.ErrorMessage}`);
  return {
    async ask(sql) {
      const Code = `import json\nprint(json.dumps([[str(v) for v in row] for row in spark.sql(${JSON.stringify(sql)}).collect()]))`;
      const { Id: number } = await glue.send(new RunStatementCommand({ SessionId: Id, Code }));
      const { Statement } = await until(
        () => glue.send(new GetStatementCommand({ SessionId: Id, Id: number })),
        (answer) => /AVAILABLE|ERROR/.test(answer.Statement?.State ?? ''),
      );
      const { ErrorName, ErrorValue, Data } = Statement?.Output ?? {};
      if (ErrorName !== undefined) return { failure: `${ErrorName}: ${ErrorValue}` };
      return { rows: JSON.parse(Data?.TextPlain ?? '[]') as string[][] };
    },
    async end() {
      await glue.send(new DeleteSessionCommand({ Id }));
    },
  };
}
