import { fingerprintOf, fingerprintQueries } from '../../src/lake/fingerprint.ts';
import { createTrinoClient, type TrinoClient, TrinoQueryError } from '../../src/local/trino/client.ts';
import type { Line, View } from '../views.ts';

type Limits = { readonly rounds: number; readonly cap: number; readonly mostCases: number };

/** Times the views in Trino: EXPLAIN ANALYZE runs a query to its end and drops its rows. Then compares their rows. */
export async function* timeInTrino(
  endpoint: string,
  views: readonly View[],
  { rounds, cap, mostCases }: Limits,
): AsyncGenerator<Line> {
  const client = createTrinoClient({ endpoint });
  for (const { sql, form, keys } of views) {
    for (const what of ['one', 'all'] as const) {
      if (form === 'case' && what === 'all' && keys > mostCases) continue;
      const column = `"key_${String(Math.floor(keys / 2)).padStart(6, '0')}"`;
      const query = `EXPLAIN ANALYZE SELECT ${what === 'all' ? '*' : `entity2, ${column}`} FROM (${sql})`;
      const seconds: number[] = [];
      let peak = 0;
      for (let round = 0; round <= rounds; round += 1) {
        const run = await timed(client, query, cap);
        peak = Math.max(peak, run.peak);
        if (round > 0 || run.seconds >= cap) seconds.push(run.seconds);
        if (run.seconds >= cap) break;
      }
      yield { engine: 'trino', keys, form, what, seconds, peak };
    }
  }
  for (const { sql, form, keys, columns } of views) {
    const some = `(SELECT * FROM (${sql}) WHERE entity3 = 'site 3')`;
    const parts = [
      ['site 3', some] as const,
      ...(form === 'chunked' || keys <= mostCases / 5 ? [['all', `(${sql})`] as const] : []),
    ];
    for (const [part, text] of parts) {
      const found = [];
      for (const statement of fingerprintQueries(text, columns)) {
        const { rows } = await client.rows(statement);
        const [n, d1, d2] = rows[0] ?? [];
        found.push({ rows: BigInt(String(n)), d1: BigInt(String(d1)), d2: BigInt(String(d2)) });
      }
      const { rows, fingerprint } = fingerprintOf(found);
      yield { engine: 'trino', keys, form, part, fingerprint: `${rows} ${fingerprint}` };
    }
  }
}

/** Seconds and the peak of the query's memory in bytes; at the cap the query is ended, and the cap is the figure. */
async function timed(client: TrinoClient, query: string, cap: number) {
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  const statement = await client.start(query);
  for (let page: typeof statement.page | undefined = statement.page; page; page = await statement.next()) {
    if (page.error) throw new TrinoQueryError(page.error);
    if (elapsed() >= cap) {
      await statement.cancel();
      return { seconds: cap, peak: 0 };
    }
  }
  return { seconds: elapsed(), peak: await peakOf(client, statement.id) };
}

async function peakOf(client: TrinoClient, id: string): Promise<number> {
  const info = (await client.queryInfo(id)) as { queryStats: { peakUserMemoryReservation: string } };
  const [, number, unit = 'B'] = /^([\d.]+)(\w+)$/.exec(info.queryStats.peakUserMemoryReservation) ?? [];
  return Number(number) * 1000 ** ['B', 'kB', 'MB', 'GB'].indexOf(unit);
}
