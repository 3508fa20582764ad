import { type Classification, classify } from './classification.ts';
import { isSymbol, nameOf, type Token, tokens, wordOf } from './lexer.ts';
import { malformed } from './refusal.ts';

/** One statement as Athena takes it: blanks and `;` around it taken off, comments inside it kept. */
export type Statement = { readonly sql: string; readonly classification: Classification };

/** Statements that the engine knows and Athena refuses. Source: Athena User Guide, unsupported DDL. */
const REFUSED =
  /^(SET|RESET|USE|START|BEGIN|COMMIT|ROLLBACK|CALL|GRANT|REVOKE|DENY|ANALYZE|COMMENT|TRUNCATE|REFRESH)\b|^SHOW (SESSION|STATS|CATALOGS|GRANTS|ROLES|ROLE|CURRENT|BRANCHES|CREATE SCHEMA|CREATE MATERIALIZED)\b|^(DESCRIBE|DESC) (INPUT|OUTPUT)\b|^CREATE( OR REPLACE)? (MATERIALIZED|FUNCTION|ROLE|BRANCH|CATALOG)\b|^DROP (MATERIALIZED|FUNCTION|ROLE|BRANCH|CATALOG)\b|^WITH (FUNCTION|SESSION)\b/;

/** Reads the text of a request. Throws InvalidRequestException where Athena refuses it before parsing. */
export function statementOf(text: string): Statement {
  const sql = trimmed(text);
  const all = tokens(sql);
  if (all.length === 0) throw malformed(`Empty sql statement: ${text.trim()}`);
  if (all.some((token) => isSymbol(token, ';'))) {
    throw malformed(`Only one sql statement is allowed. Got: ${text.trim()}`);
  }
  const opening = all.slice(0, 5).map(wordOf).join(' ');
  if (REFUSED.test(opening)) throw malformed('Queries of this type are not supported');
  return { sql, classification: classify(sql) };
}

/** The text without blanks and `;` at either end. A `;` inside a closing comment stays. */
function trimmed(text: string): string {
  const all = tokens(text);
  const first = all.findIndex((token) => !isSymbol(token, ';'));
  if (first < 0) return '';
  const last = all.findLastIndex((token) => !isSymbol(token, ';'));
  const closing = all[last + 1];
  const opening = first === 0 ? 0 : (all[first]?.start ?? 0);
  return text.slice(opening, closing?.start ?? text.length).trim();
}

/**
 * The statement for Trino. Athena reads `1.5` as a double, Trino as a decimal; an exponent makes it a double in both.
 * Trino has had no setting for that since it dropped `parse-decimal-literals-as-double`.
 */
export function engineSql(sql: string): string {
  const decimals = tokens(sql).filter(
    (token) => token.kind === 'number' && /^[\d_]*\.[\d_]*$/.test(token.text),
  );
  return spliced(
    sql,
    decimals.map((token) => ({ start: token.end, end: token.end, text: 'E0' })),
  );
}

/** A text with pieces replaced; pieces are in order and do not overlap. */
export function spliced(
  text: string,
  pieces: readonly { readonly start: number; readonly end: number; readonly text: string }[],
): string {
  let result = '';
  let at = 0;
  for (const piece of pieces) {
    result += text.slice(at, piece.start) + piece.text;
    at = piece.end;
  }
  return result + text.slice(at);
}

/** A statement with `?` filled in by execution parameters; values beyond the need of a text without `?` are ignored. */
export function withParameters(sql: string, parameters: readonly string[]): string {
  const asks = tokens(sql).some((token) => isSymbol(token, '?'));
  if (!asks || parameters.length === 0) return sql;
  return executeImmediate(sql, parameters.map(parameterExpression));
}

/** Runs a text with the given expressions in place of its `?`. */
export function executeImmediate(sql: string, expressions: readonly string[]): string {
  const using = expressions.length === 0 ? '' : ` USING ${expressions.join(', ')}`;
  return `EXECUTE IMMEDIATE ${literal(engineSql(sql))}${using}`;
}

const TYPED_LITERALS = new Set(['DATE', 'TIME', 'TIMESTAMP', 'DECIMAL', 'INTERVAL', 'DOUBLE', 'BIGINT', 'X']);
const CONSTANTS = new Set(['TRUE', 'FALSE', 'NULL']);

/** Execution parameters are expressions; what is none, or names a column, becomes a text. */
export function parameterExpression(parameter: string): string {
  const all = tokens(parameter);
  const whole = all.length > 0 && all.every((token, at) => isExpressionPart(token, all[at + 1], all[at - 1]));
  return whole && /['\d)\w]$/.test(parameter.trim()) ? engineSql(parameter) : literal(parameter);
}

function isExpressionPart(token: Token, next: Token | undefined, previous: Token | undefined): boolean {
  if (token.kind === 'number') return previous?.kind === 'symbol' || previous === undefined;
  if (token.kind === 'string') return token.text.length > 1 && token.text.endsWith("'");
  if (token.kind === 'symbol') return /^[-+*/%(),|<>=[\]]$/.test(token.text);
  const word = wordOf(token);
  if (CONSTANTS.has(word)) return true;
  if (TYPED_LITERALS.has(word)) return next?.kind === 'string' || isSymbol(next, '-');
  const unit = /^(SECOND|MINUTE|HOUR|DAY|MONTH|YEAR)$/.test(word) && previous?.kind === 'string';
  return unit || (token.kind === 'word' && nameOf(token) !== undefined && isSymbol(next, '('));
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier of Trino. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
