"""Statements for Athena, one call each: started, followed to its end, and its failure said in full."""

import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_athena import AthenaClient

# Standard mode backs off with full jitter and knows Athena's TooManyRequestsException (20 DDL statements at a time).
PATIENT = Config(retries={"mode": "standard", "max_attempts": 12}, max_pool_connections=16)

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 3.0


class StatementFailed(Exception):
    """Athena's own words for why a statement did not succeed."""


def athena_client() -> "AthenaClient":
    return boto3.client("athena", config=PATIENT)


def execute(athena: "AthenaClient", workgroup: str, sql: str, sleep: Callable[[float], None] = time.sleep) -> None:
    """Runs a statement to its end. Raises StatementFailed when Athena refuses, fails or cancels it."""
    try:
        started = athena.start_query_execution(QueryString=sql, WorkGroup=workgroup)["QueryExecutionId"]
    except athena.exceptions.InvalidRequestException as error:
        raise StatementFailed(str(error)) from error
    pause = FIRST_PAUSE_SECONDS
    while True:
        status = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"]
        if status["State"] == "SUCCEEDED":
            return
        if status["State"] in ("FAILED", "CANCELLED"):
            raise StatementFailed(status.get("StateChangeReason", status["State"]))
        sleep(pause * (0.5 + random.random() / 2))
        pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)
