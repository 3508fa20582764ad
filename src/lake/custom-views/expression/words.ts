const ANY = Number.POSITIVE_INFINITY;
/** Each function that the job lets through, by all names that sqlglot has for it, and how many arguments it takes there. */
export const ARGUMENTS = new Map<string, readonly [least: number, most: number]>([
  ...among('ABS DAY LCASE LOWER MONTH UCASE UPPER YEAR', 1, 1),
  ...among('CEILING CHARACTER_LENGTH CHAR_LENGTH LEN LENGTH', 1, 3),
  ...among('ROUND SUBSTR SUBSTRING', 1, 4),
  ...among('COALESCE CONCAT IFNULL NVL', 1, ANY),
  ...among('CEIL FLOOR', 0, ANY),
  ...among('LIKE NULLIF STARTSWITH STARTS_WITH', 2, 2),
  ...among('IF IIF REPLACE', 2, 3),
  ...among('REGEXP_LIKE', 2, 4),
  ...among('CHARINDEX INSTR LOCATE STRPOS STR_POSITION', 2, 5),
  ...among('DATEDIFF', 2, 6),
  ...among('MOD POSITION', 2, ANY),
  ...among('DATE_ADD', 3, 3),
  ...among('DATE_DIFF', 3, 6),
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
/** sqlglot does without the closing parenthesis where it reads the arguments of a function in a way of their own. */
export const OWN_ARGUMENTS = new Set(['CAST', 'CEIL', 'FLOOR', 'POSITION', 'SUBSTRING']);
/** As in `substring(a FROM 1 FOR 2)` and `floor(a TO DAY)`. */
export const BETWEEN_ARGUMENTS = new Set(['FROM', 'FOR', 'TO']);

function among(names: string, least: number, most: number): [string, readonly [number, number]][] {
  return names.split(' ').map((name) => [name, [least, most]]);
}
