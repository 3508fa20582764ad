import { isSymbol, type Token, tokens, wordOf } from './lexer.ts';

/**
 * What Athena says of a statement before it runs it. `location` forms the name of the result object from the query
 * id; `header` tells whether row 0 of the results holds the column names.
 */
export type Classification = {
  readonly type: 'DML' | 'DDL' | 'UTILITY';
  readonly substatement: string;
  readonly location: (id: string) => string;
  readonly header: boolean;
};

const csv = (id: string): string => `${id}.csv`;
const txt = (id: string): string => `${id}.txt`;
const bare = (id: string): string => id;
const tables = (id: string): string => `tables/${id}`;

const query = (substatement: string): Classification => ({
  type: 'DML',
  substatement,
  location: csv,
  header: true,
});
const change = (substatement: string, location = csv): Classification => ({
  type: 'DML',
  substatement,
  location,
  header: false,
});
const ddl = (substatement: string, location = txt): Classification => ({
  type: 'DDL',
  substatement,
  location,
  header: false,
});
const utility = (substatement: string): Classification => ({
  type: 'UTILITY',
  substatement,
  location: txt,
  header: false,
});

/**
 * Statement openings, longest first, as measured on Athena (reference page 1.4). SHOW VIEWS, UNLOAD, PREPARE,
 * EXECUTE, DEALLOCATE and the dialect statements were not measured: their names follow the pattern of the others.
 */
const OPENINGS: readonly (readonly [RegExp, Classification])[] = [
  [/^(SELECT|WITH|VALUES|TABLE)\b/, query('SELECT')],
  [/^INSERT\b/, change('INSERT', bare)],
  [/^UPDATE\b/, change('UPDATE')],
  [/^DELETE\b/, change('DELETE')],
  [/^MERGE\b/, change('MERGE')],
  [/^EXPLAIN\b/, { type: 'DML', substatement: 'EXPLAIN', location: txt, header: true }],
  [/^VACUUM\b/, change('VACUUM_TABLE')],
  [/^UNLOAD\b/, change('UNLOAD', bare)],
  [/^EXECUTE\b/, query('EXECUTE')],
  [/^OPTIMIZE\b/, ddl('CREATE_TABLE_AS_SELECT', tables)],
  [/^CREATE( OR REPLACE)? (PROTECTED |UNPROTECTED )?(MULTI DIALECT )?VIEW\b/, ddl('CREATE_VIEW')],
  [/^CREATE (DATABASE|SCHEMA)\b/, ddl('CREATE_DATABASE')],
  [/^CREATE( EXTERNAL)? TABLE\b/, ddl('CREATE_TABLE')],
  [/^DROP VIEW\b/, ddl('DROP_VIEW')],
  [/^DROP TABLE\b/, ddl('DROP_TABLE')],
  [/^DROP (DATABASE|SCHEMA)\b/, ddl('DROP_DATABASE')],
  [/^ALTER VIEW\b/, ddl('ALTER_VIEW')],
  [/^ALTER TABLE .*?\b(ADD COLUMNS?)\b/, ddl('ALTER_TABLE_ADD_COLUMN')],
  [/^ALTER TABLE .*?\b(REPLACE COLUMNS)\b/, ddl('ALTER_TABLE_REPLACE_COLUMN')],
  [/^ALTER TABLE .*?\b(CHANGE)\b/, ddl('ALTER_TABLE_CHANGE_COLUMN')],
  [/^ALTER TABLE .*?\b(DROP COLUMN)\b/, ddl('ALTER_TABLE_DROP_COLUMN')],
  [/^ALTER TABLE .*?\b(SET|UNSET) TBLPROPERTIES\b/, ddl('ALTER_TABLE_PROPERTIES')],
  [/^ALTER TABLE .*?\bSET LOCATION\b/, ddl('ALTER_TABLE_SET_LOCATION')],
  [/^ALTER TABLE .*?\bRENAME TO\b/, ddl('ALTER_TABLE_RENAME')],
  [/^ALTER TABLE .*?\bADD( IF NOT EXISTS)? PARTITION\b/, ddl('ALTER_TABLE_ADD_PARTITION')],
  [/^ALTER TABLE .*?\bDROP( IF EXISTS)? PARTITION\b/, ddl('ALTER_TABLE_DROP_PARTITION')],
  [/^ALTER\b/, ddl('ALTER_TABLE')],
  [/^MSCK\b/, ddl('MSCK_REPAIR')],
  [/^SHOW TABLES\b/, utility('SHOW_TABLES')],
  [/^SHOW VIEWS\b/, utility('SHOW_VIEWS')],
  [/^SHOW (DATABASES|SCHEMAS)\b/, utility('SHOW_DATABASES')],
  [/^SHOW COLUMNS\b/, utility('SHOW_COLUMNS')],
  [/^SHOW PARTITIONS\b/, utility('SHOW_PARTITIONS')],
  [/^SHOW TBLPROPERTIES\b/, utility('SHOW_TABLE_PROPERTIES')],
  [/^SHOW CREATE TABLE\b/, utility('SHOW_CREATE_TABLE')],
  [/^SHOW CREATE VIEW\b/, utility('SHOW_CREATE_VIEW')],
  [/^SHOW FUNCTIONS\b/, { type: 'UTILITY', substatement: 'SHOW_FUNCTIONS', location: csv, header: true }],
  [/^(DESCRIBE|DESC)\b/, utility('DESCRIBE_TABLE')],
  [/^PREPARE\b/, ddl('PREPARE')],
  [/^DEALLOCATE\b/, ddl('DEALLOCATE')],
];

/** As many words as the longest opening can need, table names between them included. */
const OPENING_TOKENS = 40;

/** Classifies a statement; a text that opens like no statement counts as a query, which then fails to parse. */
export function classify(sql: string): Classification {
  const all = tokens(sql);
  const first = all.findIndex((token) => !isSymbol(token, '('));
  const opening = all.slice(Math.max(first, 0), OPENING_TOKENS).map(openingWord).filter(Boolean).join(' ');
  const found = OPENINGS.find(([form]) => form.test(opening))?.[1] ?? query('SELECT');
  if (found.substatement !== 'CREATE_TABLE' || !isCreateTableAs(all)) return found;
  return ddl('CREATE_TABLE_AS_SELECT', tables);
}

function openingWord(token: Token): string {
  if (token.kind === 'word') return token.text.toUpperCase();
  return token.kind === 'quoted' || token.kind === 'backquoted' ? '?' : '';
}

/** A table made from a query has an AS outside all parentheses. */
function isCreateTableAs(all: readonly Token[]): boolean {
  let depth = 0;
  for (const token of all) {
    if (isSymbol(token, '(')) depth += 1;
    else if (isSymbol(token, ')')) depth -= 1;
    else if (depth === 0 && wordOf(token) === 'AS') return true;
  }
  return false;
}
