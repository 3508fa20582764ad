"""The publisher's way to Spark: one run of the job that sets SPARK dialects, for all views that need it."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mydatahub_glue.backoff import Backoff, is_transient, words
from mydatahub_glue.dialect_request import REQUEST_OBJECT, RESULT_OBJECT, DialectRequest, DialectResult
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.log import counted, say
from mydatahub_glue.state import error_code, read_state, write_state

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_s3 import S3Client

_ENDED = ("SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR", "EXPIRED")
_MOST_FAILURES = 8
# How long another run of the job is waited for, in pauses of up to 30 s.
_MOST_STARTS = 60


@dataclass(frozen=True)
class DialectRun:
    """A run that has ended. `failed`: view -> why it is not known to have its dialect; the others have it."""

    run_id: str
    failed: Mapping[str, str]


class SparkDialects:
    """Starts runs of the job `job_name`. `state_prefix` ends in `/`."""

    def __init__(
        self,
        glue: "GlueClient",
        s3: "S3Client",
        job_name: str,
        bucket: str,
        state_prefix: str,
        backoff: Backoff | None = None,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._glue = glue
        self._s3 = s3
        self.job_name = job_name
        self._bucket = bucket
        self._prefix = state_prefix
        self._backoff = backoff or Backoff()
        self._new_id = new_id

    def set(self, statements: Mapping[str, str]) -> DialectRun:
        """Carries out `statements` (view -> statement) in one run and waits for its end.

        Raises JobFailure when there was no run, or its end cannot be told. A publisher that is stopped meanwhile
        stops the run too.
        """
        request = DialectRequest(self._new_id(), statements)
        key = f"{self._prefix}{REQUEST_OBJECT}"
        write_state(self._s3, read_state(self._s3, self._bucket, key), request.to_state())
        run_id = self._start(request, f"s3://{self._bucket}/{key}")
        say(f"Job run {run_id} of {self.job_name} sets the SPARK dialect of {counted(len(statements), 'view')}")
        try:
            run = self._wait(run_id)
        except BaseException:
            self._stop(run_id)
            raise
        return DialectRun(run_id, self._failed(request, run))

    def _start(self, request: DialectRequest, place: str) -> str:
        for attempt in range(1, _MOST_STARTS + 1):
            try:
                arguments = {"--request_id": request.id, "--extra-files": place}
                return self._glue.start_job_run(JobName=self.job_name, Arguments=arguments)["JobRunId"]
            except ClientError as error:
                busy = error_code(error) == "ConcurrentRunsExceededException"
                if not (busy or is_transient(error)):
                    raise JobFailure(
                        f"Glue StartJobRun {self.job_name}: {words(error)}. To cure it: terraform apply for this lake, "
                        "which makes the job and lets this job's role start it; then run this job again."
                    ) from error
                if attempt == _MOST_STARTS:
                    raise JobFailure(
                        f"Glue StartJobRun {self.job_name}, {attempt} times: {words(error)}. Most likely another run "
                        "of it hangs. To cure it: wait for its end or stop it, then run this job again."
                    ) from error
                if busy and attempt == 1:
                    say(f"Another run of {self.job_name} is under way; waiting for its end")
            self._backoff.wait(attempt)
        raise AssertionError("the last attempt returns or raises")

    def _wait(self, run_id: str) -> dict[str, Any]:
        pause, failures, state = 0.5, 0, ""
        while True:
            try:
                found: Any = self._glue.get_job_run(JobName=self.job_name, RunId=run_id)["JobRun"]
                if found["JobRunState"] in _ENDED:
                    say(f"Job run {run_id} of {self.job_name}: {found['JobRunState']}")
                    run: dict[str, Any] = found
                    return run
                failures = 0
                if found["JobRunState"] != state:
                    state, pause = found["JobRunState"], 0.5
                    say(f"Job run {run_id} of {self.job_name}: {state}")
            except ClientError as error:
                failures += 1
                if not is_transient(error) or failures == _MOST_FAILURES:
                    raise JobFailure(f"Glue GetJobRun {self.job_name} {run_id}: {words(error)}") from error
                pause = max(pause, self._backoff.pause(failures))
            self._backoff.sleep(pause)
            pause = min(pause * 1.5, 15.0)

    def _stop(self, run_id: str) -> None:
        try:
            self._glue.batch_stop_job_run(JobName=self.job_name, JobRunIds=[run_id])
            say(f"Job run {run_id} of {self.job_name} is being stopped")
        except ClientError as error:
            say(f"Job run {run_id} of {self.job_name} could not be stopped: {words(error)}")

    def _failed(self, request: DialectRequest, run: Mapping[str, Any]) -> dict[str, str]:
        content = read_state(self._s3, self._bucket, f"{self._prefix}{RESULT_OBJECT}").content
        result = DialectResult.of_state(content)
        said = result.views if result and result.id == request.id else {}
        state = run["JobRunState"]
        end = f"job run {run['Id']} of {self.job_name} ended as {state} without telling of this view"
        if run.get("ErrorMessage"):
            end += f": {run['ErrorMessage']}"
        failed = {}
        for view in request.statements:
            # A run that succeeded has set all dialects, also where its driver could not write to S3.
            why = said.get(view) if view in said or state == "SUCCEEDED" else end
            if why is not None:
                failed[view] = why
        return failed
