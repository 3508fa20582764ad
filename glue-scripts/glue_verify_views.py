"""Glue job verify-views: reads every view in Spark as a reader does; columns, rows and fingerprint as JSON to S3.

Arguments: --JOB_NAME --bucket --state_prefix --database; optional --table (entity_data) and
           --rows_of view1,view2 (also state/rows/<view>.json: up to 10,000 rows by hash). --JOB_RUN_ID is Glue's.
Runs with fine-grained access control: at least 4 workers, session catalog only, no JARs from outside.
"""

import boto3
from botocore.config import Config
from pyspark.sql import SparkSession

from mydatahub_glue.arguments import optional, required
from mydatahub_glue.verification import VerifyJob, verify_views


def main() -> None:
    given = required("JOB_NAME", "bucket", "state_prefix", "database")
    job = VerifyJob(
        bucket=given["bucket"],
        state_prefix=given["state_prefix"],
        database=given["database"],
        table=optional("table", "entity_data"),
        run_id=optional("JOB_RUN_ID", ""),
        rows_of=tuple(view for view in optional("rows_of", "").split(",") if view),
    )
    # The driver of a job with fine-grained access control may have no way to S3: it must find that out quickly.
    quick = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "max_attempts": 3})
    verify_views(SparkSession.builder.getOrCreate(), job, boto3.client("s3", config=quick))


if __name__ == "__main__":
    main()
