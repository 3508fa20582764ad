"""What an ingestion has to do, for source files and a table in every relation."""

import json
from pathlib import Path
from typing import Any

import pytest

from mydatahub_glue.holds import pointless, undone
from mydatahub_glue.plan import Asked, IngestedContent, IngestionPlan, KnownFile, plan_ingestion
from mydatahub_glue.source_object import SourceObject

VECTORS = Path(__file__).parents[1] / "vectors" / "same-content.json"


def plan(files: dict[str, str], table: list[tuple[str, str]], **asked: Any) -> IngestionPlan:
    known = [KnownFile(SourceObject(p, f"raw/{p}", "etag", 1), content, 10) for p, content in files.items()]
    return plan_ingestion(known, contents(table), Asked(**asked))


def contents(table: list[tuple[str, str]]) -> list[IngestedContent]:
    return [IngestedContent(path, content, 10) for path, content in table]


def summary(found: IngestionPlan) -> tuple[list[str], list[tuple[str, str]], list[str], dict[str, str]]:
    superseded = [(c.source_file, c.sha256) for c in found.superseded]
    return (
        [file.source.path for file in found.new],
        superseded,
        [file.source.path for file in found.unchanged],
        dict(found.same_content),
    )


def test_new_files_are_inserted() -> None:
    assert summary(plan({"b": "2", "a": "1"}, [])) == (["a", "b"], [], [], {})


def test_known_content_is_left_alone() -> None:
    assert summary(plan({"a": "1", "b": "2"}, [("a", "1")])) == (["b"], [], ["a"], {})


def test_a_corrected_file_replaces_its_rows() -> None:
    assert summary(plan({"a": "2"}, [("a", "1")])) == (["a"], [("a", "1")], [], {})


def test_the_same_content_under_two_paths_is_inserted_once() -> None:
    assert summary(plan({"b": "1", "a": "1"}, [])) == (["a"], [], [], {"b": "a"})


def test_a_moved_file_is_not_inserted_again() -> None:
    assert summary(plan({"new": "1"}, [("old", "1")])) == ([], [], [], {"new": "old"})


def test_rows_of_a_removed_file_stay() -> None:
    assert summary(plan({"b": "2"}, [("a", "1")])) == (["b"], [], [], {})


def test_a_file_that_became_a_copy_of_another_loses_its_old_rows_only() -> None:
    assert summary(plan({"a": "2", "b": "2"}, [("a", "1"), ("b", "2")])) == ([], [("a", "1")], ["b"], {"a": "b"})


def test_swapped_files_change_nothing() -> None:
    assert summary(plan({"a": "2", "b": "1"}, [("a", "1"), ("b", "2")])) == ([], [], [], {"a": "b", "b": "a"})


def test_content_that_moved_on_stays_until_no_file_holds_it() -> None:
    assert summary(plan({"a": "2", "b": "1"}, [("a", "1")])) == (["a"], [], [], {"b": "a"})
    assert summary(plan({"a": "2", "b": "3"}, [("a", "1"), ("a", "2")])) == (["b"], [("a", "1")], ["a"], {})


def test_rows_of_a_removed_file_go_where_that_is_meant_and_no_other_file_holds_them() -> None:
    found = plan({"b": "2"}, [("a", "1"), ("c", "2"), ("d", "3")], removed={"a", "c"})
    assert [content.source_file for content in found.removed] == ["a"]
    assert found.same_content == {"b": "c"}
    assert (found.unconfirmed_loss(set()), found.unconfirmed_loss({"a"})) == (10, 0)
    assert plan({"a": "1"}, [("a", "0")], removed={"a"}).removed == ()


def test_append_takes_nothing_away() -> None:
    found = plan({"a": "2"}, [("a", "1"), ("b", "3")], replace=False, removed={"b"})
    assert (summary(found)[0], found.deleted) == (["a"], ())


def test_a_held_content_is_not_ingested_and_keeps_what_it_would_replace() -> None:
    found = plan({"a": "2", "b": "9"}, [("a", "1"), ("c", "3")], removed={"c"}, holds={("a", "2"), ("c", "")})
    assert summary(found)[:2] == (["b"], [])
    assert ([file.source.path for file in found.held], found.held_removals) == (["a"], ("c",))
    assert plan({"a": "3"}, [("a", "1")], holds={("a", "2")}).new[0].sha256 == "3"


def test_a_full_run_writes_everything_again_and_deletes_what_it_writes() -> None:
    found = plan({"a": "1", "b": "2", "copy": "1"}, [("a", "1"), ("b", "0"), ("gone", "5")], full=True)
    assert summary(found)[0] == ["a", "b"]
    assert [content.source_file for content in found.deleted] == ["b", "a"]
    assert [change["change"] for change in found.changes()] == ["replaced", "replaced"]


def test_what_a_rollback_undoes_is_held() -> None:
    now = [("a", "2"), ("new", "7"), ("same", "1"), ("x", "4")]
    target = [("a", "1"), ("gone", "3"), ("same", "1"), ("x", "4"), ("copy", "6")]
    current = {"a": "2", "new": "7", "same": "1", "x": "4", "copy": "4"}
    holds = undone(contents(now), contents(target), current, "2026-01-01T00:00:00+00:00", 5)
    assert {hold.key for hold in holds} == {("a", "2"), ("new", "7"), ("gone", ""), ("copy", "4")}


def test_a_hold_ends_when_it_holds_nothing() -> None:
    keys = {("a", "1"), ("a", "2"), ("back", ""), ("gone", ""), ("unknown", "")}
    table = contents([("a", "1"), ("back", "3"), ("gone", "4")])
    assert pointless(keys, table, {"a", "back"}) == {("a", "1"), ("back", ""), ("unknown", "")}


@pytest.mark.parametrize("case", json.loads(VECTORS.read_text())["cases"], ids=lambda case: case["title"])
def test_of_files_with_the_same_content_the_one_of_the_vectors_has_the_rows(case: dict[str, Any]) -> None:
    assert plan(case["after"], list(case["before"].items())).same_content == case["same"]
