"""What stops a job, in words for the person who reads the run's error message."""

import re

_MARK = "MYDATAHUB-STOP "
_MARKED = re.compile(re.escape(_MARK) + r"(.*?) MYDATAHUB-END", re.DOTALL)


class JobFailure(Exception):
    """Ends a job: what happened, where, why most likely, and the cure."""


def stop_in_task(message: str) -> Exception:
    """The exception that a Spark task raises so that the driver finds `message` again in Spark's stack traces."""
    return RuntimeError(f"{_MARK}{message} MYDATAHUB-END")


def stop_in(error: BaseException) -> JobFailure | None:
    """The message of `stop_in_task` inside what Spark made of it; None when the error has another cause."""
    found = _MARKED.search(str(error))
    return JobFailure(found.group(1)) if found else None
