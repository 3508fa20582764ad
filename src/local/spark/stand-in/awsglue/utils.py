"""`getResolvedOptions` with Glue's semantics ("Accessing parameters using getResolvedOptions")."""

import argparse
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

_BOOKMARKS = ("job-bookmark-enable", "job-bookmark-pause", "job-bookmark-disable")
_RESERVED = (
    "job-bookmark-option",
    "job-bookmark-from",
    "job-bookmark-to",
    "JOB_ID",
    "JOB_RUN_ID",
    "SECURITY_CONFIGURATION",
    "encryption-type",
)


class GlueArgumentError(Exception):
    """A required argument is missing or has no value."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise GlueArgumentError(message)


def getResolvedOptions(args: Sequence[str], options: Iterable[str]) -> dict[str, Any]:
    """The named options out of `sys.argv`, all as text; each must be there with a value.

    Beside them come Glue's own (`JOB_ID`, `TempDir`, `job_bookmark_option`, ...), None when not given. As on
    Glue 5, an unambiguous prefix of a name is accepted, and arguments that were not asked for are ignored.
    Raises GlueArgumentError for what is missing, RuntimeError for a reserved name.
    """
    wanted = [option for option in options if option not in ("TempDir", "RedshiftTempDir")]
    for option in wanted:
        if option in _RESERVED:
            raise RuntimeError(f"Using reserved arguments --{option}")
    parser = _Parser()
    parser.add_argument("--job-bookmark-option", choices=_BOOKMARKS, default=_BOOKMARKS[2])
    parser.add_argument("--encryption-type", choices=("sse-s3",))
    for option in (*_RESERVED[1:6], "TempDir", "RedshiftTempDir"):
        parser.add_argument(f"--{option}")
    for option in wanted:
        parser.add_argument(f"--{option}", required=True)
    found = vars(parser.parse_known_args(list(args[1:]))[0])
    found["TempDir"] = found["TempDir"] or found["RedshiftTempDir"]
    found["RedshiftTempDir"] = found["TempDir"]
    return found
