/** A name in Athena's queries: in double quotes, quotes doubled. */
export function athenaIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"database"."name"`. */
export function athenaName(database: string, name: string): string {
  return `${athenaIdentifier(database)}.${athenaIdentifier(name)}`;
}
