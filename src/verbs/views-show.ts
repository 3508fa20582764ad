import { ExplainedError } from '../lake/explained-error.ts';
import type { Lake } from '../lake/lake.ts';
import { readNames, readViewSql } from '../lake/lake-state.ts';
import { type ShownColumn, shownColumns } from '../lake/view-columns.ts';
import { publishedLast, type ViewStanding } from '../lake/view-standing.ts';
import { readLakeFacts, standingsOf, viewNamed } from './lake-facts.ts';

export type ViewsShowResult = Omit<ViewStanding, 'columns' | 'published_columns'> & {
  readonly database: string;
  readonly columns: readonly ShownColumn[];
  /** The SELECT of each dialect as the publisher sent it last; `null` when it kept none of this definition. */
  readonly sql: { readonly athena: string; readonly spark: string } | null;
};

/** One view in full; `name` as in `viewNamed`. Throws ExplainedError. */
export async function showView(lake: Lake, name: string): Promise<ViewsShowResult> {
  const facts = await readLakeFacts(lake);
  const { columns, published_columns, ...standing } = viewNamed(lake, standingsOf(lake, facts), name);
  const { view, entity1 } = standing;
  const [names, sql] = await Promise.all([readNames(lake), readViewSql(lake, view)]);
  const keys = entity1 === null ? {} : (names?.columns[entity1] ?? {});
  const published = publishedLast(facts, view);
  const { renamed = {}, extra = [] } = published ?? {};
  const types = facts.tables.get(view)?.types ?? [];
  const shown = columns.length > 0 ? columns : (published_columns ?? []);
  const current = sql !== undefined && sql.hash === published?.hash;
  return {
    database: lake.config.database,
    ...standing,
    columns: shownColumns(shown, types, { keys, renamed, extra }),
    sql: current ? { athena: sql.athena, spark: sql.spark } : null,
  };
}

/** Why the texts of a view are not known: AWS gives them to nobody but the definer. */
export function whyNoSql({ freshness, published_at }: ViewsShowResult): string {
  return freshness === 'refused' && published_at === null
    ? 'no run has published the view yet, and the last one refused it'
    : 'the publisher has kept none of this definition: an earlier version made it, or its last publication failed';
}

/** The text of one dialect. */
export type ViewsSqlResult = {
  readonly view: string;
  readonly dialect: 'athena' | 'spark';
  readonly sql: string;
};

/** The SELECT of one dialect alone, as the publisher sent it last. Throws ExplainedError when it kept none. */
export async function viewSqlOf(
  lake: Lake,
  name: string,
  dialect: ViewsSqlResult['dialect'],
): Promise<ViewsSqlResult> {
  const shown = await showView(lake, name);
  const { view, sql } = shown;
  if (sql !== null) return { view, dialect, sql: sql[dialect] };
  throw new ExplainedError({
    what: `the SQL of ${view} is not known`,
    where: lake.bucket.url(`${lake.config.prefixes.state}view-sql/${view}.json`),
    why: whyNoSql(shown),
    cure:
      shown.freshness === 'refused'
        ? `npx mydatahub views diff --lake ${lake.name} tells why it is refused; mend that, then ${lake.call('upload-assets')} and ${lake.call('run-ingestion')}`
        : `${lake.call('run-ingestion', 'republish')} publishes every view again and keeps it`,
  });
}
