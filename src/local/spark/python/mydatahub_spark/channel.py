"""The pipes between gateway and launcher: messages in (standard input), events out (descriptor 3)."""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

EVENTS_DESCRIPTOR = 3


class Channel:
    """Line-delimited JSON both ways. When the gateway's end closes, this process group ends at once."""

    def __init__(self, receive: Callable[[dict[str, Any]], None]) -> None:
        self._events = os.fdopen(EVENTS_DESCRIPTOR, "w", encoding="utf-8")
        os.set_inheritable(EVENTS_DESCRIPTOR, False)
        self._lock = threading.Lock()
        self._receive = receive
        self._messages = os.fdopen(os.dup(0), encoding="utf-8")
        # The script gets an empty standard input; only this thread holds the pipe.
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        threading.Thread(target=self._read, name="gateway", daemon=True).start()

    def send(self, event: str, **members: object) -> None:
        with self._lock:
            self._events.write(json.dumps({"event": event, **members}) + "\n")
            self._events.flush()

    def _read(self) -> None:
        try:
            for line in self._messages:
                self._receive(json.loads(line))
        finally:
            os.killpg(0, signal.SIGKILL)


def share_output_with_errors() -> None:
    """Sends Python's standard error to standard output.

    Glue 5 keeps what the script prints on both in `/aws-glue/jobs/output`; descriptor 2 has Spark's log.
    """
    sys.stdout = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    sys.stderr = sys.stdout
