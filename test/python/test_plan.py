"""What an ingestion has to do, for source files and a table in every relation."""

from mydatahub_glue.plan import IngestedContent, IngestionPlan, KnownFile, plan_ingestion
from mydatahub_glue.source_object import SourceObject


def plan(files: dict[str, str], table: list[tuple[str, str]]) -> IngestionPlan:
    known = [KnownFile(SourceObject(p, f"raw/{p}", "etag", 1), content, 10) for p, content in files.items()]
    return plan_ingestion(known, [IngestedContent(path, content, 10) for path, content in table])


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
