/** Rows of a view that one engine alone has. */
export type RowDifference = {
  readonly columns: readonly string[];
  readonly only_in_athena: readonly (readonly (string | null)[])[];
  readonly only_in_spark: readonly (readonly (string | null)[])[];
};

/** The difference as lines, one a row. */
export function differenceLines({ columns, only_in_athena, only_in_spark }: RowDifference): string[] {
  const cells = (row: readonly (string | null)[]) =>
    row.map((value, index) => `${columns[index] ?? index}=${JSON.stringify(value)}`).join(' ');
  if (only_in_athena.length + only_in_spark.length === 0) {
    return [
      'the rows read by now are the same: the views or the table have changed since they were verified',
    ];
  }
  return [
    ...only_in_athena.map((row) => `only in Athena: ${cells(row)}`),
    ...only_in_spark.map((row) => `only in Spark:  ${cells(row)}`),
  ];
}
