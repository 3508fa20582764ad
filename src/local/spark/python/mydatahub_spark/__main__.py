"""Usage: python -m mydatahub_spark RUN_JSON, messages on standard input, events on descriptor 3."""

import os
import sys

from mydatahub_spark import channel, job, preparation, session
from mydatahub_spark.run import Run


def main() -> None:
    run = Run.read(sys.argv[1])
    channel.share_output_with_errors()
    preparation.install(run)
    code = job.execute(run) if run.mode == "job" else session.execute(run)
    sys.stdout.flush()
    # Not sys.exit: threads that the script left behind must not keep a finished run alive.
    os._exit(code)


main()
