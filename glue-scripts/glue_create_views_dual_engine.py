"""Glue job create-views-dual-engine: one view for each entity1, in the ATHENA and the SPARK dialect.

Arguments: --JOB_NAME --bucket --state_prefix --catalog --database --table --workgroup --definer_arn --account_id
           --region. `state_prefix` ends in "/"; `definer_arn` is the role that the views read the table as.
Runs as the definer, as plain Spark: no fine-grained access control, no Spark statement for a view.
"""

import boto3
from botocore.config import Config
from pyspark.sql import SparkSession

from mydatahub_glue.arguments import required
from mydatahub_glue.athena import Athena
from mydatahub_glue.publisher import VIEWS_AT_ONCE
from mydatahub_glue.view_catalog import ViewCatalog
from mydatahub_glue.view_job import ViewJob, publish_views


def main() -> None:
    given = required(
        "JOB_NAME",
        "bucket",
        "state_prefix",
        "catalog",
        "database",
        "table",
        "workgroup",
        "definer_arn",
        "account_id",
        "region",
    )
    region, database, table = given["region"], given["database"], given["table"]
    config = Config(
        region_name=region,
        max_pool_connections=2 * VIEWS_AT_ONCE,
        retries={"mode": "standard", "max_attempts": 8},
    )
    partition = given["definer_arn"].split(":")[1]
    base_table = f"arn:{partition}:glue:{region}:{given['account_id']}:table/{database}/{table}"
    publish_views(
        SparkSession.builder.getOrCreate(),
        ViewJob(given["bucket"], given["state_prefix"], given["catalog"], database, table),
        boto3.client("s3", config=config),
        Athena(boto3.client("athena", config=config), given["workgroup"], database),
        ViewCatalog(boto3.client("glue", config=config), database, base_table, given["definer_arn"]),
    )


if __name__ == "__main__":
    main()
