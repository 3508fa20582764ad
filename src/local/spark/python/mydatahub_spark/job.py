"""Runs the script of a Glue job in this process and reports how it ended."""

import os
import runpy
import sys

from mydatahub_spark import failure
from mydatahub_spark.channel import Channel
from mydatahub_spark.run import Run


def execute(run: Run) -> int:
    """Exit status: 0 when the script ended without an exception or by `sys.exit(0)`."""
    channel = Channel(lambda _message: None)
    channel.send("running")
    sys.argv = [run.script, *run.arguments]
    try:
        runpy.run_path(run.script, run_name="__main__")
    except SystemExit as exit_request:
        if exit_request.code in (None, 0):
            channel.send("succeeded")
            return 0
        _report(channel, exit_request, run.script)
    except BaseException as error:  # the script may raise anything, KeyboardInterrupt included
        _report(channel, error, run.script)
    else:
        channel.send("succeeded")
        return 0
    return 1


def _report(channel: Channel, error: BaseException, script: str) -> None:
    text = failure.trace(error, script)
    print(text, end="", file=sys.stderr, flush=True)
    # Glue repeats the traceback in its own log.
    os.write(2, f"ERROR ProcessLauncher: Error from Python:{text}".encode())
    channel.send("failed", message=failure.message(error))
