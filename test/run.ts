import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY, toolchain } from '../src/local/toolchain.ts';

/**
 * Runs every check of the project in turn and ends with one line `N passed, N failed` over all of them: each linter
 * and type checker counts as one, each test as one. Usage: run.ts [lint|unit|e2e]...
 */
type Counts = { readonly passed: number; readonly failed: number };
type Check = {
  readonly group: 'lint' | 'unit' | 'e2e';
  readonly title: string;
  readonly run: (folder: string) => Counts;
};

const { python } = toolchain();
const bin = (name: string): string => join(REPOSITORY, 'node_modules', '.bin', name);

const CHECKS: readonly Check[] = [
  command('biome', bin('biome'), ['ci', '.']),
  command('TypeScript', bin('tsc'), ['--noEmit']),
  command('ruff format', python, ['-m', 'ruff', 'format', '--check', '.']),
  command('ruff check', python, ['-m', 'ruff', 'check', '.']),
  command('mypy', python, ['-m', 'mypy']),
  command('terraform fmt', 'terraform', ['fmt', '-check', '-recursive', 'terraform']),
  command('tables of terraform/README.md', process.execPath, ['scripts/terraform-tables.ts', '--check']),
  command('checkov', process.execPath, ['scripts/checkov.ts']),
  { group: 'unit', title: 'unit tests (TypeScript)', run: (folder) => vitest('unit', folder) },
  {
    group: 'unit',
    title: 'tests of the Glue scripts',
    run: (folder) => pytest('test/python', folder),
  },
  {
    group: 'unit',
    title: 'tests of the local stand-in for Glue',
    run: (folder) => pytest('test/unit/jobs/python', folder),
  },
  { group: 'e2e', title: 'the chain on real engines', run: (folder) => vitest('e2e', folder) },
];

function command(title: string, program: string, args: string[]): Check {
  return {
    group: 'lint',
    title,
    run: () => (execute(program, args) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }),
  };
}

function execute(program: string, args: readonly string[]): number {
  const { status, error } = spawnSync(program, args, {
    cwd: REPOSITORY,
    stdio: ['ignore', 'inherit', 'inherit'],
    // The tools' `#!/usr/bin/env node` must find the pinned Node, not the machine's.
    env: { ...process.env, PATH: `${join(REPOSITORY, 'node_modules', '.bin')}:${process.env.PATH}` },
  });
  if (error) console.error(`${program}: ${error.message}`);
  return status ?? 1;
}

function vitest(project: string, folder: string): Counts {
  const report = join(folder, `${project}.json`);
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const status = execute(bin('vitest'), args);
  try {
    const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8'));
    const failed = Math.max(numTotalTests - numPassedTests, status === 0 ? 0 : 1);
    return { passed: Number(numPassedTests), failed: Number(failed) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

function pytest(tests: string, folder: string): Counts {
  const report = join(folder, 'pytest.xml');
  const status = execute(python, ['-m', 'pytest', '-q', `--junitxml=${report}`, tests]);
  try {
    const xml = readFileSync(report, 'utf8');
    const total = (name: string): number =>
      [...xml.matchAll(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`, 'g'))].reduce(
        (sum, m) => sum + Number(m[1]),
        0,
      );
    const failed = Math.max(total('failures') + total('errors') + total('skipped'), status === 0 ? 0 : 1);
    return { passed: total('tests') - total('failures') - total('errors') - total('skipped'), failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

const groups = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'mydatahub-test-'));
const results = CHECKS.filter((check) => groups.length === 0 || groups.includes(check.group)).map((check) => {
  console.log(`\n== ${check.title}`);
  const started = Date.now();
  const counts = check.run(folder);
  return { title: check.title, seconds: (Date.now() - started) / 1000, ...counts };
});
rmSync(folder, { recursive: true });

console.log('');
for (const { title, passed, failed, seconds } of results) {
  console.log(
    `${failed === 0 ? 'ok  ' : 'FAIL'} ${title}: ${passed} ok, ${failed} not, ${seconds.toFixed(1)} s`,
  );
}
const sum = (key: 'passed' | 'failed'): number => results.reduce((total, result) => total + result[key], 0);
process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
