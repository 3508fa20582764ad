"""The views that a table asks for, by the vectors that the preview of a change is held to as well."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[1] / "vectors" / "wanted-views"
CASES = json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))["cases"]
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
MAKE = runpy.run_path(str(FOLDER / "make_vectors.py"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_the_publisher_wants_the_views_of_the_vectors(case: dict[str, Any]) -> None:
    assert json.loads(json.dumps(MAKE["expected"](case))) == EXPECTED[case["title"]]
