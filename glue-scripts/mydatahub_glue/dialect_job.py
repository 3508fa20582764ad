"""The job that sets SPARK dialects by Spark itself: the publisher's statements, one for each view."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from pyspark.sql import SparkSession

from mydatahub_glue.dialect_request import REQUEST_OBJECT, RESULT_OBJECT, DialectRequest, DialectResult
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.log import counted, say
from mydatahub_glue.state import read_state, write_state

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_STATEMENTS_AT_ONCE = 4
_LONGEST_ERROR = 2_000
# So that a run that is cut short has told of most that it did.
_SECONDS_BETWEEN_REPORTS = 30.0


@dataclass(frozen=True)
class DialectJob:
    """`request_id`: of the request that this run is for; `folder`: the run's working directory."""

    bucket: str
    state_prefix: str
    request_id: str
    folder: Path


def set_dialects(
    spark: SparkSession, job: DialectJob, s3: "S3Client", clock: Callable[[], float] = time.monotonic
) -> dict[str, str | None]:
    """Carries out every statement; a failing one stops no other. Raises JobFailure at the end when one failed."""
    statements = _request(job, s3).statements
    say(f"Setting the SPARK dialect of {counted(len(statements), 'view')}, request {job.request_id}")
    done: dict[str, str | None] = {}
    reported = clock()
    with ThreadPoolExecutor(_STATEMENTS_AT_ONCE) as pool:
        running = {pool.submit(_attempt, spark, view, text): view for view, text in sorted(statements.items())}
        for ended in as_completed(running):
            done[running[ended]] = ended.result()
            if clock() - reported >= _SECONDS_BETWEEN_REPORTS:
                _report(s3, job, done)
                reported = clock()
    _report(s3, job, done)
    failed = {view: why for view, why in done.items() if why is not None}
    if failed:
        reasons = "\n".join(f"{view}: {why}" for view, why in sorted(failed.items()))
        raise JobFailure(f"{len(failed)} of {len(done)} SPARK dialects were not set:\n{reasons}")
    return done


def _request(job: DialectJob, s3: "S3Client") -> DialectRequest:
    """From S3; where fine-grained access control keeps the driver from it, from the copy that --extra-files made."""
    key = f"{job.state_prefix}{REQUEST_OBJECT}"
    try:
        content = read_state(s3, job.bucket, key).content
    except (ClientError, BotoCoreError) as error:
        copy = job.folder / REQUEST_OBJECT
        if not copy.exists():
            raise JobFailure(
                f"the statements in s3://{job.bucket}/{key} cannot be read ({error}), and {copy} does not exist. Most "
                "likely the job was started by hand. To cure it: run the views job, which starts this one."
            ) from error
        say(f"s3://{job.bucket}/{key} cannot be read ({error}); taking Glue's copy of it")
        content = json.loads(copy.read_text(encoding="utf-8"))
    request = DialectRequest.of_state(content)
    if request is None or request.id != job.request_id:
        raise JobFailure(
            f"s3://{job.bucket}/{key} holds the request {request.id if request else 'of nobody'}, and this run is for "
            f"{job.request_id}. Most likely another run of the views job came between. Nothing was changed. To cure "
            "it: run the views job again when no other run of it is under way."
        )
    return request


def _attempt(spark: SparkSession, view: str, statement: str) -> str | None:
    """None, or why Spark did not carry it out."""
    try:
        spark.sql(statement)
    except Exception as error:
        why = str(error)[:_LONGEST_ERROR] or type(error).__name__
        say(f"FAILED {view}: {why}")
        return why
    say(f"{view}: {statement.partition(' AS ')[0]}")
    return None


def _report(s3: "S3Client", job: DialectJob, done: dict[str, str | None]) -> None:
    """Without it the publisher has the run's end and error message, and the catalog, to go by."""
    key = f"{job.state_prefix}{RESULT_OBJECT}"
    try:
        write_state(s3, read_state(s3, job.bucket, key), DialectResult(job.request_id, done).to_state())
    except (ClientError, BotoCoreError) as error:
        say(f"s3://{job.bucket}/{key} cannot be written: {error}")
