import { isSymbol, nameOf, positionOf, type Token, tokens, unquote, wordOf } from './lexer.ts';
import { malformed, refusal } from './refusal.ts';

/** Where a statement runs: what the caller's QueryExecutionContext says. */
export type Context = { readonly catalog?: string; readonly database?: string };

/** A table or view as a statement names it, lower-case. */
export type TableName = { readonly database: string; readonly table: string };

/** The database of names without one, lower-case; awswrangler sends it in backticks. */
export function contextDatabase(context: Context): string {
  return context.database?.replaceAll('`', '').toLowerCase() ?? DEFAULT_DATABASE;
}

const DEFAULT_DATABASE = 'default';
const CATALOG = 'awsdatacatalog';

/** Reads a statement from left to right. What does not fit is refused in the words of Trino's parser. */
export type Cursor = ReturnType<typeof createCursor>;

export function createCursor(sql: string, context: Context) {
  const all = tokens(sql);
  let at = 0;

  const peek = (ahead = 0): Token | undefined => all[at + ahead];

  function fail(expecting: string): never {
    const token = peek();
    const { line, column } = positionOf(sql, token?.start ?? sql.length);
    throw malformed(
      `line ${line}:${column}: mismatched input '${token?.text ?? '<EOF>'}'. Expecting: ${expecting}`,
    );
  }

  /** Steps over the words when all of them come next. */
  function accept(...words: string[]): boolean {
    if (!words.every((word, ahead) => wordOf(peek(ahead)) === word)) return false;
    at += words.length;
    return true;
  }

  function expect(...words: string[]): void {
    for (const word of words) if (!accept(word)) fail(`'${word}'`);
  }

  function acceptSymbol(symbol: string): boolean {
    if (!isSymbol(peek(), symbol)) return false;
    at += 1;
    return true;
  }

  function name(): string {
    const found = nameOf(peek());
    if (found === undefined) return fail('<identifier>');
    at += 1;
    return found;
  }

  function parts(): string[] {
    const found = [name()];
    while (acceptSymbol('.')) found.push(name());
    return found;
  }

  return {
    sql,
    peek,
    fail,
    accept,
    expect,
    acceptSymbol,
    name,
    /** A database, perhaps with the catalog before it. */
    database(): string {
      const found = parts();
      if (found.length > 2) throw malformed(`Invalid database name ${found.join('.')}`);
      return found.at(-1) ?? DEFAULT_DATABASE;
    },
    /** A table or view of one to three parts. */
    table(): TableName {
      const found = parts();
      if (found.length > 3) throw malformed(`Invalid table name ${found.join('.')}`);
      const catalog = found.length === 3 ? found[0] : undefined;
      if (catalog !== undefined && catalog !== CATALOG) {
        throw refusal('DATACATALOG_NOT_FOUND', `Catalog '${catalog}' does not exist`);
      }
      return {
        database: found.at(-2) ?? contextDatabase(context),
        table: found.at(-1) ?? '',
      };
    },
    /** The text inside the single (or, as in Hive, double) quotes of the next token. */
    text(): string {
      const token = peek();
      if (token?.kind !== 'string' && token?.kind !== 'quoted') return fail('<string>');
      at += 1;
      return unquote(token.text, token.kind === 'string' ? "'" : '"');
    },
    textIsNext: (): boolean => peek()?.kind === 'string' || peek()?.kind === 'quoted',
    /** The text from the next token to the end of the statement, which must not be empty. */
    rest(): string {
      const token = peek();
      if (token === undefined) return fail('<query>');
      at = all.length;
      return sql.slice(token.start);
    },
    step(): void {
      at += 1;
    },
    atEnd: (): boolean => at >= all.length,
    end(): void {
      if (at < all.length) fail('<EOF>');
    },
  };
}
