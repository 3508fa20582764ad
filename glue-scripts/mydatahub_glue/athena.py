"""Runs statements in Athena and waits for them."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from mydatahub_glue.backoff import THROTTLED, Backoff
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.state import error_code

if TYPE_CHECKING:
    from mypy_boto3_athena import AthenaClient
    from mypy_boto3_athena.type_defs import QueryExecutionStatusTypeDef

# https://docs.aws.amazon.com/athena/latest/ug/service-limits.html
LONGEST_STATEMENT = 262_144
_MOST_STARTS = 12
_MOST_RUNS = 3


class Athena:
    """Statements of one workgroup."""

    def __init__(
        self,
        client: "AthenaClient",
        workgroup: str,
        database: str,
        backoff: Backoff | None = None,
    ) -> None:
        self._client = client
        self._workgroup = workgroup
        self._database = database
        self._backoff = backoff or Backoff()

    def run(self, statement: str) -> None:
        """Returns when the statement has succeeded. Raises JobFailure with Athena's reason when it has not."""
        size = len(statement.encode())
        if size > LONGEST_STATEMENT:
            raise JobFailure(
                f"the statement has {size:,} bytes; Athena takes at most {LONGEST_STATEMENT:,}. The entity1 has too "
                "many keys, or too long ones, for one view. To cure it: split the data into several entity1 values."
            )
        for attempt in range(1, _MOST_RUNS + 1):
            execution = self._start(statement)
            status = self._wait(execution)
            state = status.get("State")
            if state == "SUCCEEDED":
                return
            retryable = status.get("AthenaError", {}).get("Retryable", False)
            if not retryable or attempt == _MOST_RUNS:
                reason = status.get("StateChangeReason") or "Athena gives no reason"
                raise JobFailure(f"Athena: {reason} (query {execution} in workgroup {self._workgroup}, {state})")
            self._backoff.wait(attempt)

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
        pause, throttled = 0.1, 0
        while True:
            try:
                found = self._client.get_query_execution(QueryExecutionId=execution)["QueryExecution"]
                status = found.get("Status", {})
                if status.get("State") in ("SUCCEEDED", "FAILED", "CANCELLED"):
                    return status
            except ClientError as error:
                throttled += 1
                if error_code(error) not in THROTTLED or throttled == _MOST_STARTS:
                    raise JobFailure(f"Athena does not say how query {execution} is: {error}") from error
                pause = max(pause, self._backoff.pause(throttled))
            self._backoff.sleep(pause)
            pause = min(pause * 1.5, 5.0)
