"""Naming rules, by the vectors that the TypeScript side is held to as well."""

import json
from pathlib import Path

import pytest

from mydatahub_glue.naming import assign_columns, assign_views, column_name, view_part

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "naming.json").read_text())


@pytest.mark.parametrize("case", VECTORS["names"], ids=lambda case: f"{case['scope']} {ascii(case['text'])[:40]}")
def test_a_text_asks_for_its_name(case: dict[str, str]) -> None:
    name = column_name(case["text"]) if case["scope"] == "column" else view_part(case["text"])
    assert name == case["name"]
    assert len(name.encode()) <= (255 if case["scope"] == "column" else 243)


@pytest.mark.parametrize("case", VECTORS["assignments"], ids=lambda case: case["title"])
def test_names_are_assigned(case: dict[str, object]) -> None:
    assign = assign_columns if case["scope"] == "column" else assign_views
    texts, known = case["texts"], case["known"]
    assert isinstance(texts, list) and isinstance(known, dict)
    names = assign(texts, known)
    assert names == case["names"]
    assert assign(reversed(texts), names) == names
    assert len(set(names.values())) == len(names)
