/** A statement that Athena refused at the start (`queryId` is null) or ended as FAILED or CANCELLED. */
export class AthenaQueryError extends Error {
  readonly sql: string;
  readonly queryId: string | null;

  constructor(message: string, sql: string, queryId: string | null) {
    super(message);
    this.name = 'AthenaQueryError';
    this.sql = sql;
    this.queryId = queryId;
  }
}
