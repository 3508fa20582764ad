import { describe, expect, it } from 'vitest';
import { sparkCode, sparkResult } from '../../../src/lake/spark-code.ts';

describe('the Python code of a Spark query', () => {
  it('holds no character of the statement itself, so no statement can end its literal', () => {
    const sql = `SELECT '"""); import os #', '\\', '\${a}' -- ü`;
    expect(sparkCode(sql)).not.toContain('import os #');
    const [, encoded = ''] = /b64decode\("([A-Za-z0-9+/=]+)"\)/.exec(sparkCode(sql)) ?? [];
    expect(Buffer.from(encoded, 'base64').toString('utf8')).toBe(sql);
  });
});

describe('the result of a Spark query', () => {
  it('is found below other output, with NULL and any Unicode', () => {
    const result = { columns: ['ü'], rows: [[null], ['\u2028']] };
    const line = `MYDATAHUB-RESULT ${Buffer.from(JSON.stringify(result)).toString('base64')}`;
    expect(sparkResult(`a warning\n${line}\n`)).toEqual(result);
  });

  it('is absent when the output was cut off before it', () => {
    expect(sparkResult('a warning\n')).toBeUndefined();
  });
});
