/** ARNs of Data Catalog resources of one account and region. Names are expected in lower case. */
export type CatalogArns = {
  readonly database: (name: string) => string;
  readonly table: (database: string, name: string) => string;
  readonly connection: (name: string) => string;
};

export function catalogArns(region: string, accountId: string): CatalogArns {
  const prefix = `arn:aws:glue:${region}:${accountId}`;
  return {
    database: (name) => `${prefix}:database/${name}`,
    table: (database, name) => `${prefix}:table/${database}/${name}`,
    connection: (name) => `${prefix}:connection/${name}`,
  };
}

export type TableArn = { region: string; accountId: string; database: string; name: string };

/** The parts of a table's ARN; `undefined` when the text is none. */
export function parseTableArn(arn: string): TableArn | undefined {
  const match = /^arn:aws[\w-]*:glue:([a-z0-9-]+):(\d{12}):table\/([^/]+)\/([^/]+)$/.exec(arn);
  if (match === null) return undefined;
  const [, region = '', accountId = '', database = '', name = ''] = match;
  return { region, accountId, database: database.toLowerCase(), name: name.toLowerCase() };
}
