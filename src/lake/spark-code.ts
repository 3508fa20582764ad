import { z } from 'zod';
import type { QueryResult } from '../aws/athena.ts';

/** Begins the one line of a statement's output that holds its result. */
const MARK = 'MYDATAHUB-RESULT ';

const result = z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.string().nullable())) });

/**
 * Python code for a Glue session that runs `sql` in Spark and prints the result with all values as text. The statement
 * travels as base64, so no text in it can end the Python literal. Columns are renamed by position, because a result may
 * have the same name twice.
 */
export function sparkCode(sql: string): string {
  const encoded = Buffer.from(sql, 'utf8').toString('base64');
  return `
import base64, json
from pyspark.sql import SparkSession, functions
_frame = SparkSession.builder.getOrCreate().sql(base64.b64decode("${encoded}").decode("utf-8"))
_names = list(_frame.columns)
_rows = []
if _names:
    _plain = _frame.toDF(*[f"c{i}" for i in range(len(_names))])
    _texts = [
        functions.lower(functions.hex(field.name)) if field.dataType.typeName() == "binary"
        # Spark's own text of 0.00000001 is 1E-8.
        else functions.translate(functions.format_number(field.name, field.dataType.scale), ",", "")
        if field.dataType.typeName() == "decimal"
        else functions.col(field.name).cast("string")
        for field in _plain.schema.fields
    ]
    _rows = [list(row) for row in _plain.select(*_texts).collect()]
_json = json.dumps({"columns": _names, "rows": _rows}, ensure_ascii=True)
print("${MARK}" + base64.b64encode(_json.encode("ascii")).decode("ascii"))
`.trimStart();
}

/** The result in the output of {@link sparkCode}; `undefined` when the output does not hold one. */
export function sparkResult(output: string): QueryResult | undefined {
  const line = output.split('\n').findLast((text) => text.startsWith(MARK));
  if (line === undefined) return undefined;
  const json = Buffer.from(line.slice(MARK.length).trim(), 'base64').toString('utf8');
  return result.parse(JSON.parse(json));
}
