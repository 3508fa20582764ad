"""Ends what a local lake started, whatever became of the lake's own process.

Standard input is a pipe from the gateway with lines `watch <process group>`. When the pipe ends (the gateway has
stopped, or was killed), every watched group gets SIGTERM, then SIGKILL, and the lake's folder is removed.

Usage: reaper.py <lake folder>
"""

import contextlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path

GRACE_SECONDS = 5.0


def send(group: int, number: int) -> bool:
    """Signals a process group; false when it has gone."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def reap(groups: list[int]) -> None:
    for group in groups:
        send(group, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < deadline and any(send(group, 0) for group in groups):
        time.sleep(0.05)
    for group in groups:
        send(group, signal.SIGKILL)


def remove(folder: Path) -> None:
    """Removes the folder, and the folders above it that hold lakes only when it was the last one."""
    for _ in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            break
        time.sleep(0.1)
    for parent, name in ((folder.parent, "lakes"), (folder.parent.parent, ".mydatahub")):
        if parent.name != name:
            return
        # Whoever called `down` removes them at the same time; another lake keeps them.
        with contextlib.suppress(OSError):
            parent.rmdir()


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: list[int] = []
    for line in sys.stdin:
        word, _, group = line.strip().partition(" ")
        if word == "watch":
            groups.append(int(group))
    reap(groups)
    remove(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
