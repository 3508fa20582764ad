"""The same rows in each layout of the entity table, written and then read in Spark: what the choice of one rests on.

Arguments: --JOB_NAME --catalog --database --rows --repeats. Shapes: `many` has 2,000 values of entity1, `few` has 4.
Prints one line `FIGURES {json}`: for each shape and layout the seconds to write, the files and their bytes, the files
that one more push of 200 rows writes, and the median seconds of a view's query for one entity1.
"""

import json
import statistics
import sys
import time

from awsglue.utils import getResolvedOptions
from pyspark.sql import SparkSession

given = getResolvedOptions(sys.argv, ["JOB_NAME", "catalog", "database", "rows", "repeats"])
spark = SparkSession.builder.getOrCreate()
rows, repeats = int(given["rows"]), int(given["repeats"])
SHAPES = {"many": 2_000, "few": 4}
BUCKETS = "PARTITIONED BY (bucket(16, entity1))"
LAYOUTS: dict[str, tuple[str, str]] = {
    "none": ("", ""),
    "bucket16": (BUCKETS, ""),
    **{
        f"bucket16_groups_of_{mb}mb": (BUCKETS, f", 'write.parquet.row-group-size-bytes'='{mb << 20}'") for mb in (1, 4)
    },
    "identity": ("PARTITIONED BY (entity1)", ""),
}
KEYS = 20
COLUMNS = ("entity1", "entity2", "entity3", "entity4", "key", "value")


def source(values, first, count):
    return spark.range(first, first + count).selectExpr(
        f"concat('e', id % {values}) AS entity1",
        f"concat('i', floor(id / {values * KEYS})) AS entity2",
        "'a' AS entity3",
        "'b' AS entity4",
        f"concat('key_', floor(id / {values}) % {KEYS}) AS key",
        "cast(hash(id) AS STRING) AS value",
    )


def seconds(work):
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 3)


def view_query(table):
    cases = ", ".join(f"max(CASE WHEN key = 'key_{k}' THEN value END) AS k{k}" for k in range(KEYS))
    inner = f"SELECT entity2, entity3, entity4, {cases} FROM {table} WHERE entity1 = 'e1' GROUP BY 1, 2, 3"
    return f"SELECT count(*), {', '.join(f'max(k{k})' for k in range(KEYS))} FROM ({inner})"


figures = {}
for shape, values in SHAPES.items():
    for layout, (partitioning, more) in LAYOUTS.items():
        name = f"layout_{shape}_{layout}"
        table = f"{given['catalog']}.{given['database']}.{name}"
        schema = ", ".join(f"{column} STRING" for column in COLUMNS)
        properties = f"TBLPROPERTIES ('format-version'='2'{more})"
        spark.sql(f"CREATE TABLE {table} ({schema}) USING iceberg {partitioning} {properties}")
        distribution = "DISTRIBUTED BY PARTITION " if partitioning else ""
        spark.sql(f"ALTER TABLE {table} WRITE {distribution}LOCALLY ORDERED BY {', '.join(COLUMNS[:5])}")
        data = source(values, 0, rows)
        write = seconds(lambda: data.writeTo(table).append())  # noqa: B023
        files = spark.sql(f"SELECT count(*) AS n, sum(file_size_in_bytes) AS bytes FROM {table}.files").first()
        source(values, rows, 200).writeTo(table).append()
        after = spark.sql(f"SELECT count(*) AS n FROM {table}.files").first()
        query = view_query(table)
        spark.sql(query).collect()
        times = [seconds(lambda: spark.sql(query).collect()) for _ in range(repeats)]  # noqa: B023
        figures[name] = {
            "write_s": write,
            "files": files["n"],
            "bytes": files["bytes"],
            "files_of_a_push": after["n"] - files["n"],
            "spark_s": round(statistics.median(times), 3),
        }
print("FIGURES " + json.dumps(figures))
