"""Waiting before another attempt at an AWS call."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import ClientError

from mydatahub_glue.state import error_code

# Codes of several services, for the same thing: too many calls, try again later.
THROTTLED = (
    "TooManyRequestsException",
    "ThrottlingException",
    "ThrottledException",
    "Throttling",
    "RequestLimitExceeded",
)
# Nothing was wrong with the call itself.
TRANSIENT = (
    *THROTTLED,
    "ConcurrentModificationException",
    "InternalServiceException",
    "OperationTimeoutException",
    "ResourceNotReadyException",
    "ServiceUnavailableException",
)
_LONGEST = 30.0


@dataclass(frozen=True)
class Backoff:
    """`sleep` (seconds) and `dice` (0 to its argument) come in for tests."""

    sleep: Callable[[float], None] = time.sleep
    dice: Callable[[float], float] = lambda most: random.uniform(0, most)

    def pause(self, attempt: int) -> float:
        """Seconds, with full jitter: anything up to a bound that doubles with each attempt (from 1), at most 30."""
        return self.dice(min(_LONGEST, 0.5 * 2.0**attempt))

    def wait(self, attempt: int) -> None:
        self.sleep(self.pause(attempt))


def is_transient(error: ClientError) -> bool:
    return error_code(error) in TRANSIENT


def words(error: ClientError) -> str:
    """Code and message, as AWS said them."""
    return f"{error_code(error)}: {error.response.get('Error', {}).get('Message', '')}"
