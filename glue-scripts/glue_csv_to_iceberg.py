"""Glue job csv-to-iceberg-ingestion: new source files under raw-data/ into the entity table, in one commit.

Arguments: --JOB_NAME --bucket --raw_prefix --state_prefix --iceberg_prefix --quarantine_prefix --catalog --database
           --table --ingestion_mode --removed_files --bad_files --additional_columns; prefixes end in "/".
           --JOB_RUN_ID, --WORKFLOW_NAME and --WORKFLOW_RUN_ID come from Glue. What one run is asked for are its
           workflow run's properties: confirm_removals, full, refresh, rollback_to.
Spark's catalog of that name and Iceberg's extensions come from the job's --conf.
"""

import boto3
from pyspark.sql import SparkSession

from mydatahub_glue.arguments import optional, required
from mydatahub_glue.ingestion import IngestionJob, ingest
from mydatahub_glue.ingestion_settings import IngestionSettings, requested


def main() -> None:
    given = required(
        "JOB_NAME",
        "bucket",
        "raw_prefix",
        "state_prefix",
        "iceberg_prefix",
        "quarantine_prefix",
        "catalog",
        "database",
        "table",
        "ingestion_mode",
        "removed_files",
        "bad_files",
        "additional_columns",
    )
    workflow, workflow_run = optional("WORKFLOW_NAME", ""), optional("WORKFLOW_RUN_ID", "")
    job = IngestionJob(
        bucket=given["bucket"],
        raw_prefix=given["raw_prefix"],
        state_prefix=given["state_prefix"],
        iceberg_prefix=given["iceberg_prefix"],
        quarantine_prefix=given["quarantine_prefix"],
        catalog=given["catalog"],
        database=given["database"],
        table=given["table"],
        run_id=optional("JOB_RUN_ID", ""),
        settings=IngestionSettings(
            given["ingestion_mode"], given["removed_files"], given["bad_files"], given["additional_columns"]
        ),
        request=requested(boto3.client("glue"), workflow, workflow_run),
    )
    ingest(SparkSession.builder.getOrCreate(), job, boto3.client("s3"), boto3.client("lakeformation"))


if __name__ == "__main__":
    main()
