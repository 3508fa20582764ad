"""Glue job csv-to-iceberg-ingestion: new source files under raw-data/ into the entity table, in one commit.

Arguments: --JOB_NAME --bucket --raw_prefix --state_prefix --iceberg_prefix --catalog --database --table
           (--JOB_RUN_ID comes from Glue). Prefixes end in "/".
Spark's catalog of that name and Iceberg's extensions come from the job's --conf.
"""

import boto3
from pyspark.sql import SparkSession

from mydatahub_glue.arguments import optional, required
from mydatahub_glue.ingestion import IngestionJob, ingest


def main() -> None:
    given = required(
        "JOB_NAME", "bucket", "raw_prefix", "state_prefix", "iceberg_prefix", "catalog", "database", "table"
    )
    job = IngestionJob(
        bucket=given["bucket"],
        raw_prefix=given["raw_prefix"],
        state_prefix=given["state_prefix"],
        iceberg_prefix=given["iceberg_prefix"],
        catalog=given["catalog"],
        database=given["database"],
        table=given["table"],
        run_id=optional("JOB_RUN_ID", ""),
    )
    session = SparkSession.builder.getOrCreate()
    ingest(session, job, boto3.client("s3"), boto3.client("glue"), boto3.client("lakeformation"))


if __name__ == "__main__":
    main()
