"""The size of a view's statement, by the vectors that the preview of a change is held to as well."""

import json
from pathlib import Path
from typing import Any

import pytest

from mydatahub_glue.pivot import view_sql
from mydatahub_glue.view_limits import size_of

CASES = json.loads((Path(__file__).parents[1] / "vectors" / "statement-bytes.json").read_text())["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['keys']} keys {case['key']}")
def test_a_statement_has_the_bytes_of_the_vectors(case: dict[str, Any]) -> None:
    columns = {case["key"] % number: case["column"] % number for number in range(case["keys"])}
    size = size_of(view_sql("entity_data", "entity_data", "otters", columns))
    assert size.athena_bytes == pytest.approx(case["bytes"], rel=0.02)
