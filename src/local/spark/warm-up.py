"""Uses Spark and Iceberg as the lake's jobs do, then ends the JVM in an orderly way, which archives its classes."""

from typing import Any

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
for catalog in ("glue_catalog", "spark_catalog"):
    table = f"{catalog}.warm_up.{catalog}_data"
    if catalog == "glue_catalog":
        spark.sql(f"CREATE NAMESPACE IF NOT EXISTS {catalog}.warm_up")
    spark.sql(
        f"CREATE TABLE {table} (entity1 string, key string, value string, at timestamp) USING iceberg "
        "PARTITIONED BY (entity1) TBLPROPERTIES ('format-version' = '2')"
    )
    rows = spark.range(200).selectExpr(
        "'a' AS entity1", "concat('k', id % 5) AS key", "CAST(id AS string) AS value", "now() AS at"
    )
    rows.mapInArrow(lambda batches: batches, rows.schema).writeTo(table).append()
    spark.sql(f"DELETE FROM {table} WHERE key = 'k4'")
    pivot = ", ".join(f"CAST(MAX(CASE WHEN key = 'k{n}' THEN value END) AS string) AS k{n}" for n in range(5))
    view = f"SELECT entity1, {pivot} FROM {table} WHERE entity1 = 'a' GROUP BY entity1"
    spark.sql(
        "SELECT CAST(SUM(CAST(conv(substring(sha2(coalesce(k0, '-'), 256), 1, 15), 16, 10) AS decimal(38, 0))) "
        f"AS string), COUNT(*) FROM ({view})"
    ).collect()
    spark.sql(f"SELECT DISTINCT entity1, key FROM {table} ORDER BY 1, 2").toPandas()
    spark.sql(f"SELECT snapshot_id, summary FROM {table}.snapshots").collect()
    spark.sql(f"SELECT name FROM {table}.refs").collect()

context: Any = spark.sparkContext
gateway = context._gateway
spark.stop()
gateway.shutdown()
gateway.proc.stdin.close()
gateway.proc.wait()
