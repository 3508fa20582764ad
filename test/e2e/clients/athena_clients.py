"""Real Python clients against a local lake, unchanged: PyAthena, awswrangler and boto3's paginators.

Prints one JSON object of what each of them saw. Usage: athena_clients.py BUCKET WORKGROUP
"""

import json
import sys

import awswrangler
import boto3
from pyathena import connect

BUCKET, WORKGROUP = sys.argv[1:]
MANY = "SELECT n FROM UNNEST(sequence(1, 1500)) AS t(n) ORDER BY n"
TYPES = """
SELECT 1 AS i, CAST(1.5 AS double) AS d, CAST(1.50 AS decimal(5, 2)) AS dec, 'it''s' AS s, '' AS empty,
       CAST(NULL AS varchar) AS missing, true AS b, DATE '2020-01-01' AS day, ARRAY[1, 2] AS a
"""


def pyathena_rows(sql: str) -> list[list[str | None]]:
    with connect(work_group=WORKGROUP, poll_interval=0.1) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return [[None if value is None else str(value) for value in row] for row in cursor.fetchall()]


def paginated_rows(sql: str) -> int:
    athena = boto3.client("athena")
    started = athena.start_query_execution(QueryString=sql, WorkGroup=WORKGROUP)["QueryExecutionId"]
    state = "QUEUED"
    while state in ("QUEUED", "RUNNING"):
        state = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"]["State"]
    pages = athena.get_paginator("get_query_results").paginate(QueryExecutionId=started)
    return sum(len(page["ResultSet"]["Rows"]) for page in pages)


def main() -> None:
    frame = awswrangler.athena.read_sql_query(
        "SELECT count(*) AS n FROM entity_view_penguins",
        database="iceberg_db",
        workgroup=WORKGROUP,
    )
    print(
        json.dumps(
            {
                "pyathena_types": pyathena_rows(TYPES)[0],
                "pyathena_many": len(pyathena_rows(MANY)),
                "boto3_rows_with_header": paginated_rows(MANY),
                "awswrangler_count": int(frame["n"][0]),
                "awswrangler_tables": sorted(awswrangler.catalog.tables(database="iceberg_db")["Table"]),
                "awswrangler_objects": len(awswrangler.s3.list_objects(f"s3://{BUCKET}/raw-data/")),
            }
        )
    )


if __name__ == "__main__":
    main()
