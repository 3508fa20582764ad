import type { QuerySpending } from '../aws/athena.ts';
import { code, number, parts, table } from '../report/markdown.ts';
import type { JobResult } from '../verbs/job-result.ts';
import { bytes, counted } from '../verbs/progress.ts';

/** Prices in any one currency: of a DPU for an hour, and of a TB that queries scan. */
export type Prices = { readonly gluePerDpuHour: number; readonly athenaPerTb: number };

/** Glue charges a run for a minute at least ("AWS Glue pricing", ETL jobs of version 2.0 and later). */
const SHORTEST_SECONDS = 60;
const SECONDS_OF_HOUR = 3600;
/** As AWS counts: 1 TB = 1024 GB (AWS Pricing Calculator, Athena). */
const BYTES_OF_TB = 1024 ** 4;

/** What was used and what it costs, by job and for all queries together. Storage and requests are not in it. */
export function costTable(jobs: readonly JobResult[], queries: QuerySpending, prices: Prices): string {
  const runs = jobs.map((run) => ({
    part: `Glue: ${code(run.job)}`,
    used: `${number(Math.round(run.dpu_seconds))} DPU-seconds`,
    price: `${prices.gluePerDpuHour} a DPU-hour`,
    cost: (chargedDpuSeconds(run) / SECONDS_OF_HOUR) * prices.gluePerDpuHour,
  }));
  const athena = {
    part: `Athena: ${queries.queries === 1 ? '1 query' : `${number(queries.queries)} queries`}`,
    used: `${bytes(queries.scanned)} scanned`,
    price: `${prices.athenaPerTb} a TB`,
    cost: (queries.charged / BYTES_OF_TB) * prices.athenaPerTb,
  };
  const all = [...runs, athena];
  const total = all.reduce((sum, { cost }) => sum + cost, 0);
  const rows = all.map(({ part, used, price, cost }) => [part, used, price, amount(cost)]);
  const together = [`**${counted(jobs.length, 'job run')} and the queries**`, '', '', `**${amount(total)}**`];
  const note = '<sub>At the prices of this step; storage, requests and free tiers are not in it.</sub>';
  const shown = table(['Cost', 'Used', 'Price', 'Amount'], [...rows, together], ['Used', 'Price', 'Amount']);
  return parts(shown, note);
}

/** A run that was shorter than a minute is charged as if it had gone on for one. */
function chargedDpuSeconds({ seconds, dpu_seconds }: JobResult): number {
  return seconds === 0 ? 0 : (dpu_seconds / seconds) * Math.max(seconds, SHORTEST_SECONDS);
}

/** Four places: a run of a small lake costs a few cents, its queries less. */
function amount(cost: number): string {
  return cost.toLocaleString('en', { minimumFractionDigits: 4, maximumFractionDigits: 4 });
}
