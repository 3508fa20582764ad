"""Glue job `verify-views`: reads every entity view in Spark, as a reader, and says what it saw.

Runs with fine-grained access control (the only way in which Glue Spark reads these views), so names are those of the
session catalog: `iceberg_db.entity_view_x`. Whether such a job may write to S3 itself is not documented; where it may
not, the result goes to standard output, in lines that the smoke test reads from the job's log.

Arguments: --JOB_NAME, --bucket, --state_prefix, --database, --table; optional --rows_of view,view (also writes
state/rows/<view>.json: up to 10,000 rows with their hashes, ordered by hash).

Writes state/verified.json.
"""

from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from pyspark.sql import SparkSession

from mydatahub_glue.arguments import optional, required
from mydatahub_glue.naming import VIEW_PREFIX
from mydatahub_glue.result_lines import result_lines
from mydatahub_glue.state import read_state, state_text
from mydatahub_glue.verification import read_rows, verify_views

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ROWS_SHOWN = 10_000


def view_names(spark: SparkSession, s3: "S3Client", options: dict[str, str]) -> list[str]:
    """What the publisher says it published; where state/ cannot be read, what Spark lists."""
    try:
        state = read_state(s3, options["bucket"], options["state_prefix"] + "views.json")
        if state.content is not None:
            return sorted(state.content["views"])
    except (ClientError, BotoCoreError) as error:
        print(f"state/views.json cannot be read here ({error}); listing the views instead")
    rows = spark.sql(f"SHOW VIEWS IN {options['database']}").collect()
    return sorted(row["viewName"] for row in rows if row["viewName"].startswith(VIEW_PREFIX))


def tell(s3: "S3Client", bucket: str, key: str, document: dict[str, Any]) -> None:
    """To S3, or to standard output where S3 refuses. The newest result counts, so nothing is compared before."""
    try:
        body = state_text(document).encode()
        s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
        print(f"written: s3://{bucket}/{key}")
    except (ClientError, BotoCoreError) as error:
        print(f"s3://{bucket}/{key} cannot be written here ({error}); the result follows in the log")
        for line in result_lines(document):
            print(line)


def main() -> None:
    options = required("JOB_NAME", "bucket", "state_prefix", "database", "table")
    bucket, prefix, database = options["bucket"], options["state_prefix"], options["database"]
    spark = SparkSession.builder.getOrCreate()
    s3 = boto3.client("s3")

    rows_of = optional("rows_of", "")
    if rows_of:
        for view in rows_of.split(","):
            tell(s3, bucket, f"{prefix}rows/{view}.json", read_rows(spark, database, view, ROWS_SHOWN))
        return

    views = view_names(spark, s3, options)
    result = verify_views(spark, database, options["table"], views, print)
    document = {"version": 1, "job_run_id": optional("JOB_RUN_ID", ""), **result}
    tell(s3, bucket, prefix + "verified.json", document)
    print(f"SUMMARY\n  read: {len(result['views'])}\n  failed: {len(result['failed'])}", flush=True)
    if result["failed"]:
        raise RuntimeError(f"Spark cannot read {', '.join(sorted(result['failed']))}; the log says why")


if __name__ == "__main__":
    main()
