import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { type LakeFile, lakeDirectory, readLakeFile } from '../../src/local/lakes.ts';
import { REPOSITORY } from '../../src/local/toolchain.ts';
import { program, sharedLake } from './support/lake.ts';

const name = `beside-${process.pid}`;
const script = join(REPOSITORY, 'bin', 'mydatahub.js');
const local = (...args: string[]) =>
  program(process.execPath, [script, 'local', ...args, '--lake', `local:${name}`]);
afterAll(() => local('down'));

/** Every process whose command line names this lake's folder or its ports. */
async function processesOf(lake: LakeFile): Promise<string[]> {
  const { stdout } = await program('ps', ['-eo', 'pid=,args=']);
  const marks = [lakeDirectory(lake.name), `daemon.ts ${lake.name}`, ` ${new URL(lake.moto_endpoint).port}`];
  return stdout.split('\n').filter((line) => marks.some((mark) => line.includes(mark)));
}

async function killTrino(lake: LakeFile): Promise<void> {
  const trino = (await processesOf(lake)).find((line) => line.includes('TrinoServer'));
  process.kill(Number(trino?.trim().split(' ')[0]), 'SIGKILL');
}

async function answersAgain(): Promise<boolean> {
  const query = ['query', '--lake', `local:${name}`, '--engine', 'athena', 'SELECT 1'];
  for (let attempt = 0; attempt < 30; attempt += 1) {
    if ((await program(process.execPath, [script, ...query])).status === 0) return true;
    await sleep(1_000);
  }
  return false;
}

async function gone(lake: LakeFile): Promise<string[]> {
  for (let waited = 0; waited < 15_000; waited += 200) {
    if (!existsSync(lakeDirectory(lake.name)) && (await processesOf(lake)).length === 0) return [];
    await sleep(200);
  }
  return [
    ...(await processesOf(lake)),
    ...(existsSync(lakeDirectory(lake.name)) ? [lakeDirectory(lake.name)] : []),
  ];
}

async function startOfUp(): Promise<{ starter: ChildProcess; lake: LakeFile }> {
  const starter = spawn(process.execPath, [script, 'local', 'up', '--lake', `local:${name}`], {
    stdio: 'ignore',
  });
  for (let waited = 0; waited < 120_000; waited += 200) {
    const lake = readLakeFile(name);
    if (lake !== undefined) return { starter, lake };
    await sleep(200);
  }
  throw new Error('the lake did not come up');
}

describe('a local lake', () => {
  it('runs beside another one, gets over the death of Trino, and leaves no process and no file after down', async () => {
    expect((await local('up')).status).toBe(0);
    const lake = readLakeFile(name);
    if (lake === undefined) throw new Error('no lake file');
    expect(lake.endpoint).not.toBe(sharedLake().endpoint);
    expect((await processesOf(lake)).length).toBeGreaterThan(2);
    expect((await local('up')).status).toBe(1);
    await killTrino(lake);
    expect(await answersAgain()).toBe(true);
    expect((await local('down')).status).toBe(0);
    expect(await gone(lake)).toEqual([]);
    expect((await local('status')).status).toBe(1);
  });

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'goes with whoever was starting it when that gets %s',
    async (signal) => {
      const { starter, lake } = await startOfUp();
      starter.kill(signal);
      expect(await gone(lake)).toEqual([]);
    },
  );

  it('leaves nothing behind when its own process is killed', async () => {
    const { starter, lake } = await startOfUp();
    process.kill(lake.pid, 'SIGKILL');
    expect(await gone(lake)).toEqual([]);
    starter.kill('SIGKILL');
  });
});
