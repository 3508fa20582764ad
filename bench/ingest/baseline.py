"""Spark reads and writes the same source files with no check at all: what the ingestion job is measured against.

Arguments: --JOB_NAME --catalog --database --table --folder (a folder of this machine: no S3 client to pay for).
The table has the layout of the entity table and its six columns, without the three of provenance.
"""

import sys

from awsglue.utils import getResolvedOptions
from pyspark.sql import SparkSession

given = getResolvedOptions(sys.argv, ["JOB_NAME", "catalog", "database", "table", "folder"])
spark = SparkSession.builder.getOrCreate()
columns = ["entity1", "entity2", "entity3", "entity4", "key", "value"]
schema = ", ".join(f"{column} STRING" for column in columns)
table = f"{given['catalog']}.{given['database']}.{given['table']}"
spark.sql(
    f"CREATE TABLE {table} ({schema}) USING iceberg PARTITIONED BY (bucket(16, entity1)) "
    "TBLPROPERTIES ('format-version'='2')"
)
spark.sql(f"ALTER TABLE {table} WRITE DISTRIBUTED BY PARTITION LOCALLY ORDERED BY {', '.join(columns[:5])}")
spark.read.schema(schema).csv(f"file://{given['folder']}", header=True, quote='"', escape='"').writeTo(table).append()
print(f"Rows written: {spark.table(table).count()}")
