"""What a lake may be set to, and what one run may be asked for."""

import json
from typing import Any

import pytest

from conftest import BUCKET
from ingestion_lake import A, B, C, Lake, Row, in_another_session, text_of
from mydatahub_glue import table_commit
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.ingestion_settings import IngestionSettings, RunRequest

MANY: list[Row] = [("penguins", "Adelie", str(n), "", "mass", str(n)) for n in range(8)]


def remove(lake: Lake, *paths: str, confirmed: bool = False) -> None:
    """What upload-data does when files are gone from the folder."""
    removed = []
    for path in paths:
        lake.s3.delete_object(Bucket=BUCKET, Key=f"raw-data/{path}")
        removed.append({"path": path, "key": f"raw-data/{path}", "confirmed": confirmed})
    manifest = json.dumps({"version": 1, "files": [], "removed": removed})
    lake.s3.put_object(Bucket=BUCKET, Key="state/manifest.json", Body=manifest)


def ingests(lake: Lake) -> list[tuple[Any, ...]]:
    name = f"{lake.name}_ingests"
    lake.spark.sql(f"REFRESH TABLE {name}")
    rows = lake.spark.sql(f"SELECT source_file, rows, snapshot_id FROM {name} ORDER BY source_file").collect()
    return [tuple(row) for row in rows]


def test_rows_of_a_removed_file_go_in_the_same_commit_when_that_is_the_policy(lake: Lake) -> None:
    lake.put("many.csv", text_of(*MANY))
    lake.put("a.csv", text_of(C))
    first = lake.ingest()
    remove(lake, "a.csv")
    assert not lake.ingest().committed
    lake.set(removed_files="remove")
    lake.put("b.csv", text_of(B))
    second = lake.ingest()
    assert lake.rows() == sorted([*MANY, B])
    assert len(lake.snapshots()) == 2
    files = json.loads(lake.snapshots()[-1]["summary"]["mydatahub.files"])
    assert files == [
        {"path": "a.csv", "rows": 1, "change": "removed"},
        {"path": "b.csv", "rows": 1, "change": "added"},
    ]
    assert ingests(lake) == [("b.csv", 1, second.snapshot_id), ("many.csv", 8, first.snapshot_id)]

    remove(lake, "many.csv")
    with pytest.raises(JobFailure, match="would take 8 of 9 rows out of the table, which is more than 20%"):
        lake.ingest()
    assert len(lake.rows()) == 9
    remove(lake, "many.csv", confirmed=True)
    lake.ingest()
    assert lake.rows() == [B]


def test_append_adds_every_new_content_and_sync_does_not_take_it_back_unasked(lake: Lake) -> None:
    lake.set(mode="append")
    lake.put("a.csv", text_of(A))
    lake.ingest()
    lake.put("a.csv", text_of(B))
    lake.put("copy.csv", text_of(A))
    assert lake.ingest().plan.same_content == {"copy.csv": "a.csv"}
    assert lake.rows() == sorted([A, B])
    lake.s3.delete_object(Bucket=BUCKET, Key="raw-data/copy.csv")
    lake.set(mode="sync")
    with pytest.raises(JobFailure, match=r"filled in append mode: 1 rows of earlier contents of a\.csv would"):
        lake.ingest()
    assert lake.rows() == sorted([A, B])
    lake.ingest(full=True, confirm_removals=True)
    assert lake.rows() == [B]
    lake.set(mode="append")
    assert not lake.ingest().committed


def test_a_file_that_breaks_the_contract_is_put_aside_and_the_others_come_in(lake: Lake) -> None:
    lake.set(bad_files="quarantine")
    lake.put("good.csv", text_of(A))
    lake.put("folder/bad.csv", text_of(B) + b"x,y\n" * 30)
    assert lake.ingest().committed
    assert lake.rows() == [A]
    copy = lake.s3.get_object(Bucket=BUCKET, Key="quarantine/folder/bad.csv")["Body"].read()
    assert copy == text_of(B) + b"x,y\n" * 30
    report = json.loads(lake.s3.get_object(Bucket=BUCKET, Key="quarantine/folder/bad.csv.report.json")["Body"].read())
    assert (len(report["problems"]), report["more_problems"]) == (20, 10)
    assert {name: report["problems"][0][name] for name in ("line", "column", "code")} == {
        "line": 3,
        "column": 3,
        "code": "FIELD_COUNT",
    }
    bad = [file for file in lake.state("ingested.json")["files"] if file.get("quarantined")]
    assert [file["path"] for file in bad] == ["folder/bad.csv"]
    assert not lake.ingest().committed
    lake.set(bad_files="refuse")
    with pytest.raises(JobFailure, match=r"(?s)1 source file breaks.*line 3, column 3.*and 10 more"):
        lake.ingest()
    lake.set(bad_files="quarantine")
    lake.put("folder/bad.csv", text_of(B))
    lake.ingest()
    assert lake.rows() == sorted([A, B])


def test_additional_columns_widen_the_table_in_order(lake: Lake) -> None:
    lake.put("a.csv", text_of(A))
    lake.ingest()
    lake.put("b.csv", b"entity1,entity2,entity3,entity4,key,value,unit,note\na,b,c,d,k,v,kg,\n")
    with pytest.raises(JobFailure, match='"unit" stands where field 7 is expected'):
        lake.ingest()
    lake.set(additional_columns="merge")
    lake.put("c.csv", b"entity1,entity2,entity3,entity4,key,value,source,unit\ne,,,,k,w,x,g\n")
    lake.ingest()
    assert lake.sql("SELECT * FROM {table} LIMIT 0") == []
    columns = lake.spark.table(lake.name).columns
    assert columns[6:] == ["source_file", "source_sha256", "ingested_at", "unit", "note", "source"]
    rows = lake.sql("SELECT entity1, value, unit, note, source FROM {table}")
    assert sorted(tuple(row) for row in rows) == [
        ("a", "v", "kg", "", None),
        ("e", "w", "g", None, "x"),
        ("penguins", "3750", None, None, None),
    ]
    lake.put("b.csv", b"entity1,entity2,entity3,entity4,key,value,unit,note\na,b,c,d,k,v,t,\n")
    lake.ingest()
    assert [row[0] for row in lake.sql("SELECT unit FROM {table} WHERE entity1 = 'a'")] == ["t"]


def test_what_was_rolled_back_stays_out_until_it_is_released(lake: Lake) -> None:
    lake.set(removed_files="remove")
    lake.put("many.csv", text_of(*MANY))
    lake.put("a.csv", text_of(A))
    lake.put("c.csv", text_of(C))
    first = lake.ingest()
    lake.put("a.csv", text_of(B))
    lake.put("late.csv", text_of(("late", "", "", "", "k", "v")))
    remove(lake, "c.csv")
    lake.ingest()
    before = sorted([*MANY, A, C])
    after = sorted([*MANY, B, ("late", "", "", "", "k", "v")])
    assert lake.rows() == after

    undone = lake.ingest(rollback_to=str(first.snapshot_id))
    assert undone.snapshot_id == first.snapshot_id and lake.rows() == before
    held = [(hold["path"], hold["rows"]) for hold in lake.state("holds.json")["contents"]]
    assert held == [("a.csv", 1), ("c.csv", 0), ("late.csv", 1)]
    assert [f["path"] for f in lake.state("ingested.json")["files"] if f.get("held")] == ["a.csv", "late.csv"]
    assert [row[0] for row in ingests(lake)] == ["a.csv", "c.csv", "many.csv"]
    assert not lake.ingest().committed
    lake.put("new.csv", text_of(("new", "", "", "", "k", "v")))
    lake.ingest()
    assert lake.rows() == sorted([*before, ("new", "", "", "", "k", "v")])

    lake.s3.put_object(Bucket=BUCKET, Key="state/holds.json", Body=json.dumps({"version": 1, "contents": []}))
    lake.ingest()
    assert lake.rows() == sorted([*after, ("new", "", "", "", "k", "v")])


def test_a_rollback_to_no_snapshot_of_the_table_changes_nothing(lake: Lake) -> None:
    lake.put("a.csv", text_of(A))
    lake.ingest()
    for target in ("12345", "2001-01-01T00:00:00Z", "yesterday"):
        with pytest.raises(JobFailure, match="mydatahub history"):
            lake.ingest(rollback_to=target)
    assert lake.rows() == [A]
    result = lake.ingest(rollback_to="2999-01-01")
    assert not result.committed


def test_a_full_run_swaps_the_content_in_one_commit(lake: Lake) -> None:
    lake.put("a.csv", text_of(A, B))
    lake.put("gone.csv", text_of(C))
    lake.ingest()
    lake.s3.delete_object(Bucket=BUCKET, Key="raw-data/gone.csv")
    lake.ingest(full=True)
    assert lake.rows() == sorted([A, B, C])
    snapshots = lake.snapshots()
    assert len(snapshots) == 2 and snapshots[-1]["summary"]["added-records"] in ("2", "3")
    lake.set(removed_files="remove")
    remove(lake, "gone.csv", confirmed=True)
    lake.ingest(full=True)
    assert lake.rows() == sorted([A, B])
    assert lake.snapshots()[-1]["summary"]["added-records"] == "2"


@pytest.mark.parametrize("made", [True, False], ids=["it was made", "it was not made"])
def test_a_commit_whose_answer_is_lost_is_looked_up(lake: Lake, monkeypatch: pytest.MonkeyPatch, made: bool) -> None:
    lake.put("a.csv", text_of(A))
    insert = table_commit._insert

    def lose_the_answer(*args: Any) -> None:
        if made:
            insert(*args)
        raise RuntimeError("org.apache.iceberg.exceptions.CommitStateUnknownException: connection reset")

    monkeypatch.setattr(table_commit, "_insert", lose_the_answer)
    if made:
        assert lake.ingest().committed
    else:
        with pytest.raises(RuntimeError, match="CommitStateUnknown"):
            lake.ingest()
    monkeypatch.undo()
    assert in_another_session(lake).ingest().committed is not made
    assert lake.rows() == [A]


def test_settings_and_requests_are_taken_at_their_word_only() -> None:
    with pytest.raises(JobFailure, match="--ingestion_mode is 'merge'; it must be sync or append"):
        IngestionSettings(mode="merge")
    with pytest.raises(JobFailure, match="full is 'yes'"):
        RunRequest.of_properties({"full": "yes"})
    with pytest.raises(JobFailure, match="exclude each other"):
        RunRequest.of_properties({"full": "true", "rollback_to": "1"})
    assert RunRequest.of_properties({"confirm_removals": "true"}) == RunRequest(confirm_removals=True)
