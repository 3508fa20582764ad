import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GrantPermissionsCommand, LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { openAthena } from '../src/aws/athena.ts';
import { systemClock } from '../src/aws/poller.ts';
import { openLake } from '../src/lake/lake.ts';
import { ADMINISTRATOR } from '../src/local/gateway/identity/administrator.ts';
import { runningLake } from '../src/local/lakes.ts';
import { startLake } from '../src/local/start.ts';
import { stopLake } from '../src/local/stop.ts';
import { REPOSITORY } from '../src/local/toolchain.ts';
import { furnish } from '../src/local/up.ts';
import { benchLake } from './ingest/lake.ts';
import { median, seconds } from './measure.ts';

/**
 * The layouts of the entity table side by side, for many small and for few huge values of `entity1`: what a write costs,
 * how many files it leaves, and what the query of a view costs in both engines.
 * Usage: layout.ts [repeats] [rows in millions]. The last line is one JSON object of all figures (medians of the repeats).
 */
const repeats = Number(process.argv[2] ?? 5);
const rows = Number(process.argv[3] ?? 2) * 1_000_000;
const name = `bench-layout-${process.pid}`;
const KEYS = Array.from({ length: 20 }, (_, i) => i);

type Figures = Record<string, Record<string, number>>;

function viewQuery(table: string): string {
  const cases = KEYS.map((k) => `max(CASE WHEN key = 'key_${k}' THEN value END) AS k${k}`).join(', ');
  const inner = `SELECT entity2, entity3, entity4, ${cases} FROM ${table} WHERE entity1 = 'e1' GROUP BY 1, 2, 3`;
  return `SELECT count(*), ${KEYS.map((k) => `max(k${k})`).join(', ')} FROM (${inner})`;
}

await startLake(name);
try {
  await furnish(name);
  const bench = benchLake(name);
  const { endpoint, region, credentials, accountId } = runningLake(name);
  const account = { endpoint, region, credentials };
  // The ingestion's role may touch its own table only.
  const Statement = { Effect: 'Allow', Action: 'glue:*', Resource: '*' };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const role = { RoleName: 'mydatahub-ingestion', PolicyName: 'bench' };
  await new IAMClient(account).send(new PutRolePolicyCommand({ ...role, PolicyDocument }));
  const arguments_ = { '--rows': `${rows}`, '--repeats': `${repeats}` };
  const log = await bench.run(readFileSync(join(import.meta.dirname, 'layout', 'tables.py')), arguments_);
  const figures = JSON.parse(/^FIGURES (.*)$/m.exec(log)?.[1] ?? '') as Figures;

  const lakeFormation = new LakeFormationClient(account);
  const Principal = { DataLakePrincipalIdentifier: `arn:aws:iam::${accountId}:user/${ADMINISTRATOR}` };
  const lake = await openLake(`local:${name}`, REPOSITORY);
  const athena = openAthena(lake.connection, lake.config, systemClock);
  for (const [table, of] of Object.entries(figures)) {
    const Resource = { Table: { DatabaseName: 'iceberg_db', Name: table } };
    await lakeFormation.send(new GrantPermissionsCommand({ Principal, Resource, Permissions: ['SELECT'] }));
    const ask = () => athena.query(viewQuery(`iceberg_db.${table}`), new AbortController().signal);
    await ask();
    const scanned = athena.spent().scanned;
    const times: number[] = [];
    for (let i = 0; i < repeats; i++) times.push(await seconds(ask));
    of.athena_s = median(times);
    of.athena_scanned = (athena.spent().scanned - scanned) / repeats;
    console.error(`${table}: ${JSON.stringify(of)}`);
  }
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  console.log(JSON.stringify({ bench: 'layout', machine, rows, repeats, ...figures }));
} finally {
  await stopLake(name);
}
