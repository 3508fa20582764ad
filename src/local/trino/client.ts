import { setTimeout as sleep } from 'node:timers/promises';
import { ENGINE_USER, TRINO_CATALOG } from './configuration.ts';
import { parseTrinoJson, type TrinoValue } from './trino-json.ts';
import type { TypeSignature } from './type-signature.ts';

export type TrinoColumn = {
  readonly name: string;
  readonly type: string;
  readonly typeSignature: TypeSignature;
};

export type TrinoFailure = {
  readonly message: string;
  readonly errorName: string;
  readonly errorType: 'USER_ERROR' | 'INTERNAL_ERROR' | 'INSUFFICIENT_RESOURCES' | 'EXTERNAL';
};

/** Progress of a query; times in milliseconds, sizes in bytes. */
export type TrinoStats = {
  readonly state: string;
  readonly queuedTimeMillis: number;
  readonly elapsedTimeMillis: number;
  readonly planningTimeMillis: number;
  readonly processedRows: number;
  readonly processedBytes: number;
  readonly physicalInputBytes: number;
};

/** One answer of the statement protocol. The last one has no `nextUri`. */
export type TrinoPage = {
  readonly id: string;
  readonly nextUri?: string;
  readonly columns?: readonly TrinoColumn[];
  readonly data?: readonly (readonly TrinoValue[])[];
  readonly stats: TrinoStats;
  readonly error?: TrinoFailure;
  readonly updateType?: string;
  readonly updateCount?: number;
};

/** What a statement is run with. */
export type TrinoSession = {
  readonly catalog?: string;
  readonly schema?: string;
  /** Whose permissions hold; the gateway's own user without it. */
  readonly user?: string;
};

/** A statement that was handed to Trino. */
export type TrinoStatement = {
  /** Another one once the statement was handed over again. */
  readonly id: string;
  /** The answer received last. */
  readonly page: TrinoPage;
  /** Fetches the next answer; `undefined` after the last one. */
  next(): Promise<TrinoPage | undefined>;
  /** Ends the query at once; nothing happens when it has ended already. */
  cancel(): Promise<void>;
};

/** A statement that Trino refused or gave up. */
export class TrinoQueryError extends Error {
  readonly failure: TrinoFailure;

  constructor(failure: TrinoFailure) {
    super(`${failure.errorName}: ${failure.message}`);
    this.name = 'TrinoQueryError';
    this.failure = failure;
  }
}

/** The columns and all rows of a small result. */
export type TrinoTable = {
  readonly id: string;
  readonly columns: readonly TrinoColumn[];
  readonly rows: readonly (readonly TrinoValue[])[];
};

const BUSY = new Set([502, 503, 504]);
const BUSY_TRIES = 50;
const BUSY_WAIT_MS = 100;
// In its first seconds Trino may not yet know that its own node has the catalog. Such a query ends before anything of it has run.
const NODELESS = 'NO_NODES_AVAILABLE';
const NODELESS_TRIES = 60;
const NODELESS_WAIT_MS = 500;

/**
 * A client of Trino's statement protocol (`POST /v1/statement`, then `nextUri` until it is absent), in UTC.
 * Source: https://trino.io/docs/476/develop/client-protocol.html
 */
export function createTrinoClient(options: { readonly endpoint: string }) {
  const headers = (session: TrinoSession): Record<string, string> => ({
    'X-Trino-User': session.user ?? ENGINE_USER,
    'X-Trino-Source': 'mydatahub',
    'X-Trino-Catalog': session.catalog ?? TRINO_CATALOG,
    'X-Trino-Schema': session.schema ?? 'default',
    'X-Trino-Time-Zone': 'UTC',
    'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
  });

  /** Hands a statement over. The first answer comes before Trino has looked at the text. */
  async function start(sql: string, session: TrinoSession = {}): Promise<TrinoStatement> {
    const url = `${options.endpoint}/v1/statement`;
    const post = () => request(url, { method: 'POST', body: sql, headers: headers(session) });
    let page = await post();
    let tries = 1;
    return {
      get id() {
        return page.id;
      },
      get page() {
        return page;
      },
      async next() {
        if (page.nextUri === undefined) return undefined;
        page = await request(page.nextUri, { headers: headers({}) });
        if (page.error?.errorName === NODELESS && tries < NODELESS_TRIES) {
          tries += 1;
          await sleep(NODELESS_WAIT_MS);
          page = await post();
        }
        return page;
      },
      async cancel() {
        if (page.nextUri === undefined) return;
        const answer = await fetch(page.nextUri, { method: 'DELETE', headers: headers({}) });
        await answer.body?.cancel();
      },
    };
  }

  /** Runs a statement to its end and keeps every row. Throws {@link TrinoQueryError}. */
  async function rows(sql: string, session: TrinoSession = {}): Promise<TrinoTable> {
    const statement = await start(sql, session);
    const kept: (readonly TrinoValue[])[] = [];
    let columns: readonly TrinoColumn[] = [];
    for (let page: TrinoPage | undefined = statement.page; page; page = await statement.next()) {
      if (page.error) throw new TrinoQueryError(page.error);
      columns = page.columns ?? columns;
      kept.push(...(page.data ?? []));
    }
    return { id: statement.id, columns, rows: kept };
  }

  /** What Trino knows of a query, as its `/v1/query` resource tells it; `undefined` when it has forgotten it. */
  async function queryInfo(id: string): Promise<unknown> {
    const answer = await fetch(`${options.endpoint}/v1/query/${id}`, { headers: headers({}) });
    return answer.ok ? answer.json() : undefined;
  }

  return { start, rows, queryInfo };
}
export type TrinoClient = ReturnType<typeof createTrinoClient>;

async function request(url: string, init: RequestInit): Promise<TrinoPage> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(url, init);
    const text = await answer.text();
    if (answer.ok) return pageOf(parseTrinoJson(text), url);
    if (!BUSY.has(answer.status) || attempt === BUSY_TRIES) {
      throw new Error(`Trino answered ${answer.status} to ${url}: ${text.slice(0, 500)}`);
    }
    await sleep(BUSY_WAIT_MS);
  }
}

function pageOf(body: unknown, url: string): TrinoPage {
  if (!isPage(body)) throw new Error(`${url} did not answer as Trino's statement protocol does`);
  return body;
}

function isPage(body: unknown): body is TrinoPage {
  return typeof body === 'object' && body !== null && 'id' in body && 'stats' in body;
}
