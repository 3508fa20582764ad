"""Checks one file of this machine as the ingestion job checks a source file; prints the breach and the peak memory.

Usage: check.py FILE, with glue-scripts/ on PYTHONPATH.
"""

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

from mydatahub_glue.breach import ContractError
from mydatahub_glue.contract import check_source_file


def chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk


breach = None
try:
    check_source_file(chunks(Path(sys.argv[1])))
except ContractError as error:
    breach = {"code": error.breach.code, "line": error.breach.line, "column": error.breach.column}
peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({"breach": breach, "peak_mb": peak_mb}))
