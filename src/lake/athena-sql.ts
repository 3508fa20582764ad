/** A name in Athena's queries: in double quotes, quotes doubled. */
export function athenaIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in Athena's queries: quotes doubled, nothing else is special. */
export function athenaLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `"database"."name"`. */
export function athenaName(database: string, name: string): string {
  return `${athenaIdentifier(database)}.${athenaIdentifier(name)}`;
}
