import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY, toolchain } from '../src/local/toolchain.ts';
import { execute, type Print } from './execute.ts';

/**
 * Runs the checks of the project and ends with one line `N passed, N failed` over all of them: each linter and type
 * checker counts as one, each test as one. Checks that need one core run two at a time, and what such a check prints
 * comes at its end. Usage: run.ts GROUP...
 */
type Counts = { readonly passed: number; readonly failed: number };
type Check = {
  readonly group: 'lint' | 'unit' | 'e2e' | 'operations' | 'workflows';
  readonly title: string;
  readonly run: (folder: string, print: Print) => Promise<Counts>;
};
type Result = Counts & { readonly title: string; readonly seconds: number };

const { python } = toolchain();
const bin = (name: string): string => join(REPOSITORY, 'node_modules', '.bin', name);
const node = process.execPath;

/** Half the time of the tests of the Glue scripts. */
const INGESTION = ['test/python/test_ingestion.py', 'test/python/test_ingestion_policies.py'];

/** The longest first. */
const BESIDE_ANOTHER: readonly Check[] = [
  pytest('tests of the ingestion', ...INGESTION),
  pytest('tests of the other Glue scripts', 'test/python', ...INGESTION.map((file) => `--ignore=${file}`)),
  vitest('unit', 'unit tests (TypeScript)'),
  linter('mypy', python, ['-m', 'mypy']),
  linter('checkov', node, ['scripts/checkov.ts']),
  pytest('tests of the local stand-in for Glue', 'test/unit/jobs/python'),
  linter('TypeScript', bin('tsc'), ['--noEmit']),
  linter('biome', bin('biome'), ['ci', '.']),
  linter('ruff format', python, ['-m', 'ruff', 'format', '--check', '.']),
  linter('ruff check', python, ['-m', 'ruff', 'check', '.']),
  linter('terraform fmt', 'terraform', ['fmt', '-check', '-recursive', 'terraform']),
  linter('tables of terraform/README.md', node, ['scripts/terraform-tables.ts', '--check']),
  linter('docs/github-reference.md', node, ['scripts/github-reference.ts', '--check']),
  linter('actionlint and zizmor', node, ['scripts/workflow-linters.ts']),
];

/** Each keeps all cores busy. */
const ALONE: readonly Check[] = [
  vitest('e2e', 'the chain on real engines'),
  vitest('operations', 'what operators do'),
  vitest('workflows', 'the workflows, run by act'),
];

function linter(title: string, program: string, args: readonly string[]): Check {
  return {
    group: 'lint',
    title,
    run: async (_, print) =>
      (await execute(program, args, print)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 },
  };
}

function vitest(project: 'unit' | 'e2e' | 'operations' | 'workflows', title: string): Check {
  const run = async (folder: string, print: Print): Promise<Counts> => {
    const report = join(folder, `${project}.json`);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const status = await execute(bin('vitest'), ['run', '--project', project, ...reporters], print);
    try {
      const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8'));
      const failed = Math.max(numTotalTests - numPassedTests, status === 0 ? 0 : 1);
      return { passed: Number(numPassedTests), failed: Number(failed) };
    } catch {
      return { passed: 0, failed: 1 };
    }
  };
  return { group: project, title, run };
}

function pytest(title: string, ...tests: string[]): Check {
  const run = async (folder: string, print: Print): Promise<Counts> => {
    const report = join(folder, `${title.replaceAll(' ', '-')}.xml`);
    const status = await execute(python, ['-m', 'pytest', '-q', `--junitxml=${report}`, ...tests], print);
    try {
      const xml = readFileSync(report, 'utf8');
      const total = (name: string): number =>
        [...xml.matchAll(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`, 'g'))].reduce(
          (sum, match) => sum + Number(match[1]),
          0,
        );
      const failed = total('failures') + total('errors') + total('skipped');
      return { passed: total('tests') - failed, failed: Math.max(failed, status === 0 ? 0 : 1) };
    } catch {
      return { passed: 0, failed: 1 };
    }
  };
  return { group: 'unit', title, run };
}

const groups = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'mydatahub-test-'));
const results: Result[] = [];

async function timed({ title, run }: Check, print: Print): Promise<void> {
  const started = Date.now();
  const counts = await run(folder, print);
  results.push({ title, seconds: (Date.now() - started) / 1000, ...counts });
}

/** Takes checks from the list until none is left. */
async function lane(waiting: Check[]): Promise<void> {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
    const chunks: Buffer[] = [];
    console.log(`== ${check.title} …`);
    await timed(check, (chunk) => chunks.push(chunk));
    process.stdout.write(Buffer.concat([Buffer.from(`\n== ${check.title}\n`), ...chunks, Buffer.from('\n')]));
  }
}

const asked = (checks: readonly Check[]): Check[] => checks.filter(({ group }) => groups.includes(group));
const waiting = asked(BESIDE_ANOTHER);
await Promise.all([lane(waiting), lane(waiting)]);
for (const check of asked(ALONE)) {
  console.log(`\n== ${check.title}`);
  await timed(check, (chunk) => process.stdout.write(chunk));
}
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
