"""Runs statements in Athena and waits for them."""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from mydatahub_glue.backoff import THROTTLED, Backoff
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.pivot import Schema
from mydatahub_glue.state import error_code
from mydatahub_glue.view_limits import LONGEST_ATHENA_STATEMENT

if TYPE_CHECKING:
    from mypy_boto3_athena import AthenaClient
    from mypy_boto3_athena.type_defs import ColumnInfoTypeDef, QueryExecutionStatusTypeDef

# DDL of one account that may be active, in every region. https://docs.aws.amazon.com/general/latest/gr/athena.html
STATEMENTS_AT_ONCE = 20
_MOST_STARTS = 12
_MOST_RUNS = 3


class Athena:
    """Statements of one workgroup, as many at once as Athena runs for an account."""

    def __init__(
        self,
        client: "AthenaClient",
        workgroup: str,
        database: str,
        backoff: Backoff | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._workgroup = workgroup
        self._database = database
        self._backoff = backoff or Backoff()
        self._clock = clock
        self._places = threading.BoundedSemaphore(STATEMENTS_AT_ONCE)
        self._seconds = 0.0

    def run(self, statement: str) -> str:
        """Returns when the statement has succeeded, with its id. Raises JobFailure with Athena's reason when not."""
        size = len(statement.encode())
        if size > LONGEST_ATHENA_STATEMENT:
            raise JobFailure(
                f"the statement has {size:,} bytes; Athena takes at most {LONGEST_ATHENA_STATEMENT:,}. One key, or the "
                "entity1, is too long for any view. To cure it: shorten it in the source files."
            )
        for attempt in range(1, _MOST_RUNS + 1):
            with self._places:
                execution = self._start(statement)
                status = self._wait(execution)
            state = status.get("State")
            if state == "SUCCEEDED":
                return execution
            retryable = status.get("AthenaError", {}).get("Retryable", False)
            if not retryable or attempt == _MOST_RUNS:
                reason = status.get("StateChangeReason") or "Athena gives no reason"
                raise JobFailure(f"Athena: {reason} (query {execution} in workgroup {self._workgroup}, {state})")
            self._backoff.wait(attempt)
        raise AssertionError("the last attempt returns or raises")

    def schema(self, select: str) -> Schema:
        """Names and types of the columns that a query has, by the Data Catalog's names of types. It reads no data."""
        execution = self.run(f"SELECT * FROM ({select}) LIMIT 0")
        try:
            found = self._client.get_query_results(QueryExecutionId=execution, MaxResults=1)["ResultSet"]
        except ClientError as error:
            raise JobFailure(f"Athena does not tell the columns of query {execution}: {error}") from error
        columns = found.get("ResultSetMetadata", {}).get("ColumnInfo", [])
        return tuple((column["Name"], _catalog_type(column)) for column in columns)

    def _start(self, statement: str) -> str:
        for attempt in range(1, _MOST_STARTS + 1):
            try:
                return self._client.start_query_execution(
                    QueryString=statement,
                    QueryExecutionContext={"Catalog": "AwsDataCatalog", "Database": self._database},
                    WorkGroup=self._workgroup,
                )["QueryExecutionId"]
            except ClientError as error:
                if error_code(error) not in THROTTLED or attempt == _MOST_STARTS:
                    raise JobFailure(f"Athena refused the statement: {error}") from error
            self._backoff.wait(attempt)
        raise AssertionError("the last attempt returns or raises")

    def _wait(self, execution: str) -> "QueryExecutionStatusTypeDef":
        # Most statements of a run take as long as each other: asking before that tells nothing.
        started, pause, throttled = self._clock(), max(0.1, 0.8 * self._seconds), 0
        while True:
            try:
                found = self._client.get_query_execution(QueryExecutionId=execution)["QueryExecution"]
                status = found.get("Status", {})
                if status.get("State") in ("SUCCEEDED", "FAILED", "CANCELLED"):
                    self._seconds = min(10.0, 0.5 * (self._seconds + self._clock() - started))
                    return status
            except ClientError as error:
                throttled += 1
                if error_code(error) not in THROTTLED or throttled == _MOST_STARTS:
                    raise JobFailure(f"Athena does not say how query {execution} is: {error}") from error
                pause = max(pause, self._backoff.pause(throttled))
            self._backoff.sleep(pause)
            waited = self._clock() - started
            pause = max(0.1, min(0.15 * waited, 5.0))


def _catalog_type(column: "ColumnInfoTypeDef") -> str:
    if column["Type"] == "decimal":
        return f"decimal({column.get('Precision')},{column.get('Scale')})"
    return "string" if column["Type"] == "varchar" else column["Type"]
