"""Glue job create-views-dual-engine: one view for each entity1, in the ATHENA and the SPARK dialect.

Arguments: --JOB_NAME --bucket --state_prefix --iceberg_prefix --catalog --database --table --workgroup --definer_arn
           --account_id --region --spark_dialect_job; optional --view_strategy athena-first|spark-first,
           --view_form auto|chunked|case, --views_without_data keep|mark|drop, --only ENTITY1, --dry_run true|false.
           `state_prefix` ends in "/"; `definer_arn` is the role that the views read the table as; `spark_dialect_job`
           is the job that sets SPARK dialects by Spark.
Runs as the definer, as plain Spark: no fine-grained access control, no Spark statement for a view.
"""

import signal
import sys
from types import FrameType

import boto3
from botocore.config import Config
from pyspark.sql import SparkSession

from mydatahub_glue.arguments import optional, required
from mydatahub_glue.athena import Athena
from mydatahub_glue.publisher import VIEWS_AT_ONCE
from mydatahub_glue.spark_dialects import SparkDialects
from mydatahub_glue.view_catalog import ViewCatalog
from mydatahub_glue.view_grants import ViewGrants
from mydatahub_glue.view_job import Means, publish_views
from mydatahub_glue.view_settings import ViewJob, view_settings


def main() -> None:
    given = required(
        "JOB_NAME",
        "bucket",
        "state_prefix",
        "iceberg_prefix",
        "catalog",
        "database",
        "table",
        "workgroup",
        "definer_arn",
        "account_id",
        "region",
        "spark_dialect_job",
    )
    region, database, table = given["region"], given["database"], given["table"]
    bucket, state_prefix, account_id = given["bucket"], given["state_prefix"], given["account_id"]
    settings = view_settings(
        strategy=optional("view_strategy", "athena-first"),
        form=optional("view_form", "auto"),
        without_data=optional("views_without_data", "keep"),
        only=optional("only", ""),
        dry_run=optional("dry_run", "false"),
    )
    config = Config(
        region_name=region,
        max_pool_connections=2 * VIEWS_AT_ONCE,
        retries={"mode": "standard", "max_attempts": 8},
    )
    partition = given["definer_arn"].split(":")[1]
    base_table = f"arn:{partition}:glue:{region}:{account_id}:table/{database}/{table}"
    s3, glue = boto3.client("s3", config=config), boto3.client("glue", config=config)
    signal.signal(signal.SIGTERM, _stop)
    publish_views(
        SparkSession.builder.getOrCreate(),
        ViewJob(bucket, state_prefix, given["iceberg_prefix"], given["catalog"], database, table, settings),
        s3,
        Means(
            Athena(boto3.client("athena", config=config), given["workgroup"], database),
            ViewCatalog(glue, database, base_table, given["definer_arn"]),
            SparkDialects(glue, s3, given["spark_dialect_job"], bucket, state_prefix),
            ViewGrants(boto3.client("lakeformation", config=config), account_id, database),
        ),
    )


def _stop(number: int, _: FrameType | None) -> None:
    """Makes of the signal an exception, so that what this job has started is stopped with it."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
