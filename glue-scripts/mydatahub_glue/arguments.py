"""Arguments of the jobs, as Terraform passes them."""

import sys

from awsglue.utils import getResolvedOptions


def required(*names: str) -> dict[str, str]:
    """The named job arguments; Glue's own error names the one that is missing."""
    options = getResolvedOptions(sys.argv, list(names))
    return {name: str(options[name]) for name in names}


def optional(name: str, default: str) -> str:
    """One argument that may be absent: `getResolvedOptions` knows required ones only, and refuses JOB_RUN_ID."""
    flag = f"--{name}"
    for index, argument in enumerate(sys.argv):
        if argument.startswith(flag + "="):
            return argument[len(flag) + 1 :]
        if argument == flag and index + 1 < len(sys.argv):
            return sys.argv[index + 1]
    return default
