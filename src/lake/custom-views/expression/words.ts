import { nearestNames } from '../../nearest.ts';

export const MANY = Number.POSITIVE_INFINITY;
/** The functions of docs/custom-views.md, with Athena's other names of them, and how many arguments each takes. */
export const ARGUMENTS = new Map<string, readonly [least: number, most: number]>([
  ...among('ABS CEIL CEILING DAY FLOOR LENGTH LOWER MONTH UPPER YEAR', 1, 1),
  ...among('ROUND', 1, 2),
  ...among('MOD NULLIF REGEXP_LIKE STARTS_WITH STRPOS', 2, 2),
  ...among('IF REPLACE SUBSTR SUBSTRING', 2, 3),
  ...among('COALESCE CONCAT', 2, MANY),
  ...among('DATE_ADD DATE_DIFF', 3, 3),
]);
/** Words that are no column without quotes. Others, such as `end` or `date`, are columns where a value is expected. */
export const RESERVED = new Set(
  (
    'ALTER AND ANY AS BETWEEN CONNECT_BY_ROOT CREATE CROSS CURRENT_CATALOG CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP ' +
    'CURRENT_USER DISTINCT DROP ELSE EXCEPT FETCH FOR FROM GLOB GRANT HAVING ILIKE INNER INSERT INTERSECT INTO JOIN ' +
    'LATERAL LIKE LOCALTIME LOCALTIMESTAMP MATCH_RECOGNIZE NOTNULL ON OR OUTER PARTITIONED_BY REGEXP RETURNING REVOKE ' +
    'RLIKE ROLLBACK SELECT TABLESAMPLE THEN UNCACHE UNION USING VALUES WHEN WHERE WITH XOR'
  ).split(' '),
);

/** Which function is most like a name that is none; empty where none is. */
export function likeFunction(name: string): string {
  const written = name.toLowerCase();
  const known = [...ARGUMENTS.keys()].map((each) => each.toLowerCase());
  const [near] = nearestNames(written, known, Math.max(1, Math.floor(written.length / 3)));
  const found = near ?? known.find((each) => written.length > 2 && each.startsWith(written));
  return found === undefined ? '' : `most like ${name}: ${found}`;
}

function among(names: string, least: number, most: number): [string, readonly [number, number]][] {
  return names.split(' ').map((name) => [name, [least, most]]);
}
