import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../../../src/local/toolchain.ts';

const folder = mkdtempSync(join(tmpdir(), 'mydatahub-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const HEADER = 'entity1,entity2,entity3,entity4,key,value\n';
writeFileSync(join(folder, 'good.csv'), `${HEADER}a,b,c,d,k,v\n`);
writeFileSync(join(folder, 'broken.csv'), `${HEADER}a,b,c,d,,v\n`);

function mydatahub(...args: string[]) {
  const { MYDATAHUB_LAKE: _, ...env } = process.env;
  const script = join(REPOSITORY, 'bin', 'mydatahub.js');
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', env });
}

describe('mydatahub', () => {
  it('ends with 0 and one JSON document when a verb did its whole work', () => {
    const { status, stdout } = mydatahub('validate', join(folder, 'good.csv'), '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ broken: 0, rows: 1, files: [{ rows: 1, breaches: [] }] });
  });

  it('ends with 1 for a broken file, says where, and still prints one JSON document', () => {
    const { status, stdout, stderr } = mydatahub('validate', folder, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ broken: 1, error: { cure: expect.any(String) } });
    expect(stderr).toMatch(/broken\.csv: line 2, column 5 \(key\): key is empty/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('takes no rules of views back because the name of their file is misspelt', () => {
    const { status, stderr } = mydatahub('upload-assets', '--views', join(folder, 'veiws.yml'));
    expect(status).toBe(2);
    expect(stderr).toMatch(/there is no such file of rules.*veiws\.yml.*nothing was sent/s);
  });

  it('checks rules of custom views, and names each problem as file:line:column', () => {
    const file = join(folder, 'views.yml');
    writeFileSync(file, "views:\n  - pattern: '*'\n    cast: {k: float}\n    renames: {}\n");
    const { status, stdout, stderr } = mydatahub('validate', join(folder, 'good.csv'), file, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ broken: 1, rows: 1, rule_files: [{ path: file, rules: 0 }] });
    expect(stderr).toContain(
      `${file}:3:12: cast.k: the types are text, integer, decimal(P,S), boolean and date\n`,
    );
    expect(stderr).toContain(`${file}:4:5: the rule: renames is not known here\n`);
    writeFileSync(file, "views:\n  - pattern: '*'\n    cast: {k: integer}\n");
    expect(mydatahub('validate', file).status).toBe(0);
  });

  it('prints nothing on standard output that was not asked for', () => {
    expect(mydatahub('validate', join(folder, 'good.csv')).stdout).toBe('');
  });

  it.each([
    ['upload-assets'],
    ['upload-data'],
    ['run-ingestion'],
    ['wait-for-views'],
    ['smoke-test'],
    ['history'],
    ['rollback', '--to', '1'],
    ['release', '--all'],
    ['views', 'list'],
    ['views', 'show', 'penguins'],
    ['views', 'diff'],
  ])('refuses to guess the lake of %s, and lists the choices', (...verb) => {
    const { status, stderr } = mydatahub(...verb);
    expect(status).toBe(2);
    expect(stderr).toMatch(/no lake is chosen[\s\S]*environments: dev/);
  });

  it('refuses to guess the lake of a query as well', () => {
    expect(mydatahub('query', '--engine', 'athena', 'SELECT 1').status).toBe(2);
  });

  it.each([
    [['frob']],
    [['query', 'SELECT 1']],
    [['query', '--engine', 'hive', 'SELECT 1']],
    [['validate']],
    [['preview']],
    [['views']],
    [['views', 'show']],
    [['views', 'show', 'penguins', '--sql', 'hive']],
  ])('ends with 2 for a wrong call: %j', (args) => {
    const { status, stdout, stderr } = mydatahub(...args, '--json');
    expect(status).toBe(2);
    expect(stderr).toContain('error:');
    expect(JSON.parse(stdout)).toMatchObject({ error: { what: expect.any(String) } });
  });

  it('shows a stack trace when it is asked for one', () => {
    const script = join(REPOSITORY, 'bin', 'mydatahub.js');
    const env = { ...process.env, MYDATAHUB_DEBUG: '1' };
    const { stderr } = spawnSync(process.execPath, [script, 'validate', join(folder, 'none')], {
      encoding: 'utf8',
      env,
    });
    expect(stderr).toMatch(/\n\s+at /);
  });
});
