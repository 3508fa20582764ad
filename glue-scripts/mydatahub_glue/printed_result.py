"""A document on standard output, for whoever follows the job's log: where it may not, or shall not, be an object."""

import base64

_LINE = 48_000  # characters; CloudWatch takes events of 256 KB


def result_lines(text: str) -> list[str]:
    """The text as lines `MYDATAHUB-RESULT i/n <base64>` (`src/lake/result-lines.ts` reads them)."""
    encoded = base64.b64encode(text.encode()).decode()
    parts = [encoded[i : i + _LINE] for i in range(0, len(encoded), _LINE)]
    return [f"MYDATAHUB-RESULT {number}/{len(parts)} {part}" for number, part in enumerate(parts, 1)]
