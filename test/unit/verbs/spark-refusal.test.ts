import { describe, expect, it } from 'vitest';
import { commandLine, type Lake } from '../../../src/lake/lake.ts';
import { refusedBySpark } from '../../../src/verbs/spark-refusal.ts';
import { CONFIG } from './support.ts';

const LAKE = { name: 'dev', call: commandLine('dev'), config: CONFIG } as unknown as Lake;

function refusal(message: string) {
  return refusedBySpark(LAKE, { name: 'Py4JJavaError', message }, 'session s, statement 1: SELECT 1');
}

describe('a statement that Lake Formation keeps Spark from running', () => {
  it('says which grant on a view is missing, for whom, and what gives it', async () => {
    const error = await refusal(
      'An error occurred while calling o1.sql.\n: AccessDeniedException: Insufficient Lake Formation permission(s): Required Select on entity_view_a (Service: Glue, Status Code: 400)',
    );
    expect(error.message).toBe(
      'Spark may not run the statement: Insufficient Lake Formation permission(s): Required Select on entity_view_a',
    );
    expect(error.why).toBe(
      'a session reads as arn:r, and SELECT on entity_view_a is missing for it, or for the definer of the view',
    );
    expect(error.cure).toMatch(
      /run-ingestion --republish --lake dev grants SELECT and DESCRIBE .* `readers`/,
    );
    expect(error.cure).toContain('docs/lake-formation-permissions.md');
  });

  it.each([
    'Insufficient Lake Formation permission(s): Required Select on entity_data',
    'Insufficient Lake Formation permission(s) on iceberg_db.entity_data.',
  ])('leads from the entity table to the views, or to those who may read it: %s', async (message) => {
    const { cure } = await refusal(message);
    expect(cure).toMatch(/name a view, or .* --engine athena, .*base_table = true/);
    expect(cure).toContain('run-ingestion --refresh --lake dev grants the table to its definer again');
  });

  it('says that readers only read, where the statement would write', async () => {
    const { cure } = await refusal(
      'Insufficient Lake Formation permission(s): Required Insert on entity_data',
    );
    expect(cure).toMatch(/^readers only read: .* source files/);
  });

  it('is told from one that is wrong itself', async () => {
    expect((await refusal('[PARSE_SYNTAX_ERROR] Syntax error')).cure).toMatch(/^mend the statement;/);
  });
});
