import { execFileSync } from 'node:child_process';
import { appendFileSync, closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { checkSourceFile } from '../src/lake/contract/source-file.ts';
import { REPOSITORY, toolchain } from '../src/local/toolchain.ts';
import { seconds } from './measure.ts';

/**
 * Every breach of the contract behind a gigabyte of good rows: found by `validate`'s check and by the job's, at the same
 * line and column, with how long it takes and the most memory. Usage: breaches.ts [megabytes]. The last line is one JSON
 * object of all figures; it throws when the two do not agree.
 */
const megabytes = Number(process.argv[2] ?? 1024);
const HEADER = 'entity1,entity2,entity3,entity4,key,value\n';
const ROW = 'entity one,a,b,c,some key,"a value, of usual length"\n';
const TAILS: Readonly<Record<string, string | Buffer>> = {
  FIELD_COUNT: 'a,b,c,d,k\n',
  EMPTY_LINE: '\n',
  EMPTY_REQUIRED: 'a,b,c,d,,v\n',
  UNCLOSED_QUOTE: 'a,b,c,d,k,"v\n',
  QUOTE_IN_UNQUOTED: 'a,b,c,d,k,v"\n',
  TEXT_AFTER_QUOTE: 'a,b,c,d,k,"v"x\n',
  LONE_CR: 'a,b,c,d,k,v\ra,b,c,d,k,v\n',
  NUL: 'a,b,c,d,k,\0\n',
  NOT_UTF8: Buffer.from([...Buffer.from('a,b,c,d,k,'), 0xff, 0x0a]),
  FIELD_TOO_LARGE: `a,b,c,d,k,${'v'.repeat((1 << 20) + 1)}\n`,
};

const folder = mkdtempSync(join(tmpdir(), 'mydatahub-bench-'));
const file = join(folder, 'large.csv');
try {
  const rows = Math.ceil((megabytes * 1024 * 1024) / ROW.length);
  const handle = openSync(file, 'w');
  writeSync(handle, HEADER);
  const block = ROW.repeat(20_000);
  for (let left = rows; left > 0; left -= 20_000) writeSync(handle, block.slice(0, left * ROW.length));
  closeSync(handle);
  const size = HEADER.length + rows * ROW.length;

  const found: Record<string, unknown> = {};
  for (const [code, tail] of Object.entries(TAILS)) {
    appendFileSync(file, tail);
    let here: unknown;
    const validate_s = await seconds(async () => {
      const { breaches } = await checkSourceFile(file);
      here = breaches.map(({ code, line, column }) => ({ code, line, column }))[0];
    });
    let job = { breach: {}, peak_mb: 0 };
    const job_s = await seconds(async () => {
      const script = join(import.meta.dirname, 'breaches', 'check.py');
      const env = { ...process.env, PYTHONPATH: join(REPOSITORY, 'glue-scripts') };
      job = JSON.parse(execFileSync(toolchain().python, [script, file], { encoding: 'utf8', env }));
    });
    const line = rows + 2;
    const same = JSON.stringify(here) === JSON.stringify(job.breach);
    found[code] = { ...job.breach, validate_s, job_s, job_peak_mb: job.peak_mb };
    console.error(`${code}: ${JSON.stringify(found[code])}`);
    if (!same || !JSON.stringify(here).includes(`"code":"${code}"`)) {
      throw new Error(`${code} in line ${line}: ${JSON.stringify(here)} and ${JSON.stringify(job.breach)}`);
    }
    truncateSync(file, size);
  }
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const validate_peak_mb = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ bench: 'breaches', machine, megabytes, rows, validate_peak_mb, ...found }));
} finally {
  rmSync(folder, { recursive: true });
}
