"""Glue job create-views-spark-dialect: the SPARK dialect of views by Spark's own statements, many in one run.

Arguments: --JOB_NAME --bucket --state_prefix --request_id. The statements are in <state_prefix>spark-dialects.json, the
result goes to <state_prefix>spark-dialects-result.json. Started by create-views-dual-engine, which waits for it.
Runs as the definer, with fine-grained access control: at least 4 workers, session catalog only, no JARs from outside.
"""

from pathlib import Path

import boto3
from botocore.config import Config
from pyspark.sql import SparkSession

from mydatahub_glue.arguments import required
from mydatahub_glue.dialect_job import DialectJob, set_dialects


def main() -> None:
    given = required("JOB_NAME", "bucket", "state_prefix", "request_id")
    job = DialectJob(given["bucket"], given["state_prefix"], given["request_id"], Path.cwd())
    # The driver of a job with fine-grained access control may have no way to S3: it must find that out quickly.
    quick = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "max_attempts": 3})
    set_dialects(SparkSession.builder.getOrCreate(), job, boto3.client("s3", config=quick))


if __name__ == "__main__":
    main()
