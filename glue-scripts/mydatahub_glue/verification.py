"""The verification: what Spark, as a reader, gets from each view, at one snapshot of the table."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from pyspark.sql import SparkSession

from mydatahub_glue.failure import JobFailure
from mydatahub_glue.fingerprint import fingerprint_query, hashed_rows_query
from mydatahub_glue.log import counted, say
from mydatahub_glue.naming import VIEW_PREFIX
from mydatahub_glue.printed_result import result_lines
from mydatahub_glue.quoting import spark_identifier
from mydatahub_glue.state import VERSION, read_state, state_text, write_state

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MOST_ROWS = 10_000
_ATTEMPTS = 3
_VIEWS_AT_ONCE = 4
_LONGEST_ERROR = 2_000


@dataclass(frozen=True)
class VerifyJob:
    """Names are those of the session catalog: fine-grained access control allows no other."""

    bucket: str
    state_prefix: str
    database: str
    table: str
    run_id: str
    rows_of: tuple[str, ...]


def verify_views(spark: SparkSession, job: VerifyJob, s3: "S3Client") -> dict[str, Any]:
    """Reads all views and keeps the result as state/verified.json. Raises JobFailure when a view cannot be read."""
    published = _published(job, s3)
    views = _views(spark, job, published)
    say(f"Reading {counted(len(views), 'view')} of {job.database} in Spark")
    result = _at_one_snapshot(spark, job, views, s3)
    for view, facts in result["views"].items():
        # Of before it was read: a view that was published meanwhile counts as not read since.
        if published is not None and published["views"][view]["hash"]:
            facts["hash"] = published["views"][view]["hash"]
    _keep(s3, job, "verified.json", result)
    for view in job.rows_of:
        if view in result["views"]:
            _keep(s3, job, f"rows/{view}.json", _rows(spark, job, view, result["views"][view]["columns"]))
    if result["failed"]:
        reasons = "\n".join(f"{job.database}.{view}: {why}" for view, why in sorted(result["failed"].items()))
        raise JobFailure(
            f"{len(result['failed'])} of {len(views)} views cannot be read in Spark:\n{reasons}\nMost likely a view "
            "was not published completely, or this job's role has no SELECT on it. To cure it: "
            "run the views job, or grant it."
        )
    if not views:
        raise JobFailure(
            f"there is no view {VIEW_PREFIX}* in {job.database}. Most likely the views job did not run. To cure it: "
            "npx mydatahub run-ingestion."
        )
    return result


def _views(spark: SparkSession, job: VerifyJob, published: dict[str, Any] | None) -> list[str]:
    if published is not None:
        return sorted(published["views"])
    found = spark.sql(f"SHOW VIEWS IN {spark_identifier(job.database)}").collect()
    return sorted(row["viewName"] for row in found if row["viewName"].startswith(VIEW_PREFIX))


def _published(job: VerifyJob, s3: "S3Client") -> dict[str, Any] | None:
    """What the publisher kept of its last run; None when that cannot be read."""
    try:
        return read_state(s3, job.bucket, f"{job.state_prefix}views.json").content
    except (ClientError, BotoCoreError, JobFailure) as error:
        say(f"state/views.json cannot be read ({error}); asking the catalog")
        return None


def _at_one_snapshot(spark: SparkSession, job: VerifyJob, views: list[str], s3: "S3Client") -> dict[str, Any]:
    for _ in range(_ATTEMPTS):
        before = _snapshot_id(spark, job, s3)
        # Planning a view takes the driver longer than reading most of them.
        with ThreadPoolExecutor(_VIEWS_AT_ONCE) as pool:
            found = dict(zip(views, pool.map(lambda view: _attempt(spark, job, view), views), strict=True))
        after = _snapshot_id(spark, job, s3)
        if before == after:
            return {
                "snapshot_id": str(after) if after is not None else None,
                "job_run_id": job.run_id,
                "views": {view: facts for view, facts in found.items() if isinstance(facts, dict)},
                "failed": {view: error for view, error in found.items() if isinstance(error, str)},
            }
        say(f"The table moved from snapshot {before} to {after} meanwhile; reading again")
    raise JobFailure(
        f"{job.database}.{job.table} was committed to during each of {_ATTEMPTS} attempts to read all "
        "views at one snapshot. To cure it: run the job again when no ingestion runs."
    )


def _snapshot_id(spark: SparkSession, job: VerifyJob, s3: "S3Client") -> int | None:
    """The snapshot that the views were published for.

    A reader has no permission on the table, and cannot ask it. Whoever finds the table still at this snapshot later
    knows that it was there all the time, since snapshots follow one another.
    """
    published = _published(job, s3)
    if published is not None:
        return int(published["snapshot_id"])
    table = f"{spark_identifier(job.database)}.{spark_identifier(job.table)}"
    rows = spark.sql(f"SELECT snapshot_id FROM {table}.refs WHERE name = 'main'").collect()
    return int(rows[0]["snapshot_id"]) if rows else None


def _attempt(spark: SparkSession, job: VerifyJob, view: str) -> dict[str, Any] | str:
    """What the view holds, or why it cannot be read."""
    try:
        facts = _verified(spark, job, view)
    except Exception as error:
        why = str(error)[:_LONGEST_ERROR] or type(error).__name__
        say(f"FAILED {job.database}.{view}: {why}")
        return why
    say(f"{job.database}.{view}: {counted(facts['rows'], 'row')}, {facts['fingerprint']}")
    return facts


def _verified(spark: SparkSession, job: VerifyJob, view: str) -> dict[str, Any]:
    name = _name(job, view)
    schema = dict(spark.table(name).dtypes)
    found = spark.sql(fingerprint_query(name, schema)).collect()[0]
    return {"columns": list(schema), "rows": found["n"], "fingerprint": f"{int(found['d1'])}-{int(found['d2'])}"}


def _rows(spark: SparkSession, job: VerifyJob, view: str, columns: list[str]) -> dict[str, Any]:
    schema = dict(spark.table(_name(job, view)).dtypes)
    rows = spark.sql(hashed_rows_query(_name(job, view), schema, MOST_ROWS)).collect()
    return {"columns": columns, "rows": [{"hash": row[0], "values": list(row[1:])} for row in rows]}


def _name(job: VerifyJob, view: str) -> str:
    return f"{spark_identifier(job.database)}.{spark_identifier(view)}"


def _keep(s3: "S3Client", job: VerifyJob, name: str, content: dict[str, Any]) -> None:
    """Writes the object, or prints it where fine-grained access control keeps the driver from S3."""
    key = f"{job.state_prefix}{name}"
    try:
        write_state(s3, read_state(s3, job.bucket, key), content)
        say(f"Wrote s3://{job.bucket}/{key}")
    except (ClientError, BotoCoreError) as error:
        say(f"s3://{job.bucket}/{key} cannot be written ({error}); the result follows on standard output")
        for line in result_lines(state_text({"version": VERSION, **content})):
            say(line)
