"""What a Python exception says: the line that Glue reports, and the traceback without the launcher."""

import re
import traceback
from types import TracebackType

# AWS documents no limit of JobRun.ErrorMessage; a whole query plan in it helps nobody.
LONGEST_MESSAGE = 4000
# What PySpark appends to the message: a Java stack trace, or the query plan of an analysis error.
_APPENDIX = re.compile(r"\n+(?:JVM stacktrace:|\tat )|;\n(?=['+!:*]|[A-Z]\w+ )")


def message(error: BaseException) -> str:
    """`ValueError: text`, as Glue's ErrorMessage: class name and message, without a stack trace or query plan."""
    text = _APPENDIX.split(str(error), maxsplit=1)[0].strip()
    line = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return line if len(line) <= LONGEST_MESSAGE else line[:LONGEST_MESSAGE] + "..."


def trace(error: BaseException, file: str) -> str:
    """The traceback from the first frame inside `file` on; whole when the error never went through it."""
    start = _first_frame(error.__traceback__, file) or error.__traceback__
    return "".join(traceback.format_exception(type(error), error, start))


def _first_frame(frame: TracebackType | None, file: str) -> TracebackType | None:
    while frame is not None and frame.tb_frame.f_code.co_filename != file:
        frame = frame.tb_next
    return frame
