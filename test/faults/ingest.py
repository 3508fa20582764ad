"""The ingestion as a process that can be killed: two runs, or the second one alone.

Usage: ingest.py NAME JARS first|second BUCKET ENDPOINT. Before each of the two runs of `first` it says READY and waits
for a line on stdin; in the end it prints the rows of both tables as one line of JSON. The AWS environment says where;
everything is kept under the prefix faults/NAME/ and in the database faults_NAME.
"""

import json
import sys
import tempfile

import boto3
from pyspark.sql import SparkSession

from mydatahub_glue.ingestion import IngestionJob, ingest
from mydatahub_glue.ingestion_settings import IngestionSettings, RunRequest


def session(bucket: str, endpoint: str, jars: str) -> SparkSession:
    catalog = "spark.sql.catalog.glue_catalog"
    folder = tempfile.mkdtemp(prefix="mydatahub-faults-")
    settings = {
        "spark.master": "local[1]",
        "spark.driver.memory": "1g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraClassPath": f"{jars}/*",
        "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": f"{folder}/warehouse",
        "spark.sql.shuffle.partitions": "1",
        "spark.ui.enabled": "false",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        catalog: "org.apache.iceberg.spark.SparkCatalog",
        f"{catalog}.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
        f"{catalog}.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        f"{catalog}.warehouse": f"s3://{bucket}/faults/",
        f"{catalog}.glue.endpoint": endpoint,
        f"{catalog}.s3.endpoint": endpoint,
        f"{catalog}.s3.path-style-access": "true",
    }
    builder = SparkSession.builder.appName("mydatahub-faults")
    for key, value in settings.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark


def main() -> None:
    name, jars, phase, bucket, endpoint = sys.argv[1:6]
    prefix = f"faults/{name}/"
    s3 = boto3.client("s3")
    spark = session(bucket, endpoint, jars)
    job = IngestionJob(
        bucket=bucket,
        raw_prefix=f"{prefix}raw-data/",
        state_prefix=f"{prefix}state/",
        iceberg_prefix=f"{prefix}iceberg-data/",
        quarantine_prefix=f"{prefix}quarantine/",
        catalog="glue_catalog",
        database=f"faults_{name}",
        table="entity_data",
        run_id=f"jr_{name}",
        settings=IngestionSettings(removed_files="remove"),
        request=RunRequest(),
    )
    if phase == "first":
        ready()
        ingest(spark, job, s3, boto3.client("lakeformation"))
        ready()
        ingest(spark, job, s3, boto3.client("lakeformation"))
    else:
        ingest(spark, job, s3, boto3.client("lakeformation"))
    columns = "entity1, entity2, `key`, value, source_file"
    rows = spark.sql(f"SELECT {columns} FROM glue_catalog.{job.database}.entity_data").collect()
    ingests = spark.sql(f"SELECT source_file, rows FROM glue_catalog.{job.database}.entity_data_ingests").collect()
    print("ROWS " + json.dumps({"rows": sorted(map(tuple, rows)), "ingests": sorted(map(tuple, ingests))}), flush=True)


def ready() -> None:
    """Whoever watches puts the files of the next run, sets the fault and answers."""
    print("READY", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main()
