import { fingerprintOf, fingerprintQueries } from '../../src/lake/fingerprint.ts';
import { createTrinoClient, type TrinoClient, TrinoQueryError } from '../../src/local/trino/client.ts';
import type { Line, View } from '../views.ts';

/** Reads before the first that counts: Java compiles what it reads often, beside the reading. Long ones need fewer. */
const WARM_UPS = 40;
const WARM_WITHIN_S = 60;

type Limits = { readonly rounds: number; readonly cap: number; readonly mostCases: number };

/**
 * Times the views in Trino: EXPLAIN ANALYZE runs a query to its end and drops its rows. The forms take turns, after rounds
 * that warm the machine up. Then compares their rows.
 */
export async function* timeInTrino(
  endpoint: string,
  views: readonly View[],
  { rounds, cap, mostCases }: Limits,
): AsyncGenerator<Line> {
  const client = createTrinoClient({ endpoint });
  for (const keys of new Set(views.map((view) => view.keys))) {
    for (const what of ['one', 'all'] as const) {
      const column = `"key_${String(Math.floor(keys / 2)).padStart(6, '0')}"`;
      const read = views
        .filter((view) => view.keys === keys)
        .filter(({ form }) => form === 'chunked' || what === 'one' || keys <= mostCases)
        .map(({ form, sql }) => ({
          form,
          query: `EXPLAIN ANALYZE SELECT ${what === 'all' ? '*' : `entity2, ${column}`} FROM (${sql})`,
          seconds: [] as number[],
          warmed: 0,
          peak: 0,
        }));
      for (let round = 0; round < WARM_UPS + rounds; round += 1) {
        const warming = round < WARM_UPS;
        for (const view of read) {
          if (view.seconds.includes(cap) || (warming && view.warmed > WARM_WITHIN_S)) continue;
          const run = await timed(client, view.query, cap);
          // Trino samples it, and misses the peak of a quick read more often than not: 0.03 to 58 MB of one query.
          view.peak = Math.max(view.peak, run.peak);
          if (warming && run.seconds < cap) {
            view.warmed += run.seconds;
            continue;
          }
          view.seconds.push(run.seconds);
        }
      }
      for (const { form, seconds, peak } of read) yield { engine: 'trino', keys, form, what, seconds, peak };
    }
  }
  for (const { sql, form, keys, columns } of views) {
    if (form === 'case' && keys > mostCases) continue;
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
