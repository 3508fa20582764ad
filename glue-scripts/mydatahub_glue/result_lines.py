"""A document on standard output, for where a job may not write to S3.

Lines `MYDATAHUB-RESULT i/n <base64>`, i from 1; the parts are the UTF-8 bytes of one JSON document in order.
"""

import base64
import json
from collections.abc import Iterator
from typing import Any

BYTES_IN_LINE = 3000


def result_lines(document: dict[str, Any]) -> Iterator[str]:
    body = json.dumps(document, ensure_ascii=False).encode()
    parts = [body[i : i + BYTES_IN_LINE] for i in range(0, len(body), BYTES_IN_LINE)]
    for index, part in enumerate(parts, start=1):
        yield f"MYDATAHUB-RESULT {index}/{len(parts)} {base64.b64encode(part).decode()}"
