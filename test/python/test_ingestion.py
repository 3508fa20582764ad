"""The ingestion job on real Spark and Iceberg: what was pushed is in the table, exactly once, byte for byte."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from conftest import BUCKET, DATABASE
from ingestion_lake import DEFINER, A, B, C, Lake, Row, in_another_session, manifest_of, text_of
from mydatahub_glue.breach import HEADER_LINE
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.ingestion import IngestionResult
from mydatahub_glue.source_object import list_source_objects
from mydatahub_glue.source_tasks import source_rows

VECTORS = Path(__file__).parents[1] / "vectors" / "contract"
csv.field_size_limit(1 << 22)


def test_every_valid_file_comes_through_byte_for_byte(lake: Lake) -> None:
    """All valid vectors of the contract, under odd names, are in the table exactly as a reader of CSV sees them."""
    expected = json.loads((VECTORS / "expected.json").read_text())["valid"]
    want: list[Row] = []
    for name, facts in expected.items():
        content = (VECTORS / name).read_bytes()
        lake.put(f"a b/ü'{name}", content)
        plain = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        with_header = [tuple(row) for row in plain]
        assert len(with_header) == facts["rows"] + 1
        want += with_header[1:]
    lake.put("folder/", b"")
    lake.put("notes.txt", b"not for the table")
    result = lake.ingest()
    assert lake.rows() == sorted(want)
    assert (len(result.plan.new), result.plan.rows_to_write) == (len(expected), len(want))
    [snapshot] = lake.snapshots()
    assert snapshot["snapshot_id"] == result.snapshot_id
    assert snapshot["summary"]["mydatahub.rows-written"] == str(len(want))
    sources = lake.sql("SELECT DISTINCT source_file, source_sha256 FROM {table}")
    assert {tuple(row) for row in sources} == {(f"a b/ü'{n}", facts["sha256"]) for n, facts in expected.items()}


def test_a_second_run_commits_nothing_and_a_new_file_adds_only_itself(lake: Lake) -> None:
    lake.put("a.csv", text_of(A, B))
    first = lake.ingest()
    again = lake.ingest()
    assert (again.committed, again.snapshot_id) == (False, first.snapshot_id)
    lake.put("deep/er/c.csv", text_of(C))
    lake.put("copy of a.csv", text_of(A, B))
    third = lake.ingest()
    assert third.committed and third.plan.same_content == {"copy of a.csv": "a.csv"}
    assert lake.rows() == sorted([A, B, C])
    assert len(lake.snapshots()) == 2
    state = lake.state("ingested.json")
    assert state["snapshot_id"] == str(third.snapshot_id)
    assert [(f["path"], f["rows"]) for f in state["files"]] == [
        ("a.csv", 2),
        ("copy of a.csv", 2),
        ("deep/er/c.csv", 1),
    ]
    location = lake.glue.get_table(DatabaseName=DATABASE, Name=lake.job.table)["Table"]["Parameters"]
    assert state["metadata_location"] == location["metadata_location"]


def test_a_corrected_file_replaces_its_own_rows_in_one_commit(lake: Lake) -> None:
    lake.put("a.csv", text_of(A, B))
    lake.put("c.csv", text_of(C))
    lake.ingest()
    corrected = (*A[:5], "3751")
    lake.put("a.csv", text_of(corrected))
    lake.put("new.csv", text_of(B))
    result = lake.ingest()
    assert lake.rows() == sorted([corrected, B, C])
    assert len(lake.snapshots()) == 2
    summary = lake.snapshots()[-1]["summary"]
    assert (summary["mydatahub.rows-written"], summary["mydatahub.rows-replaced"]) == ("2", "2")
    assert result.snapshot_id == lake.snapshots()[-1]["snapshot_id"]


def test_a_correction_among_many_files_writes_little_more_than_a_new_file(lake: Lake) -> None:
    """The rows of the other files are not written again."""

    def body(number: int, value: str) -> bytes:
        return text_of(*(("penguins", str(number), str(i), "1", "body_mass_g", value) for i in range(200)))

    for number in range(40):
        lake.put(f"{number}.csv", body(number, "3750"))
    lake.ingest()
    lake.put("new.csv", body(40, "3750"))
    lake.ingest()
    lake.put("7.csv", body(7, "3751"))
    lake.ingest()
    added, corrected = (int(s["summary"]["added-files-size"]) for s in lake.snapshots()[1:])
    assert corrected <= 2 * added
    assert sorted(row for row in lake.rows() if row[1] == "7") == sorted(
        ("penguins", "7", str(i), "1", "body_mass_g", "3751") for i in range(200)
    )


def test_files_that_swap_their_contents_lose_nothing(lake: Lake) -> None:
    lake.put("a.csv", text_of(A))
    lake.put("b.csv", text_of(B))
    lake.ingest()
    lake.put("a.csv", text_of(B))
    lake.put("b.csv", text_of(A))
    assert not lake.ingest().committed
    assert lake.rows() == sorted([A, B])
    lake.put("b.csv", text_of(C))
    lake.ingest()
    assert lake.rows() == sorted([B, C])
    lake.put("a.csv", text_of(C))
    lake.ingest(confirm_removals=True)
    assert lake.rows() == [C]


def test_broken_files_commit_nothing_and_are_all_named(lake: Lake) -> None:
    lake.put("good.csv", text_of(A))
    lake.ingest()
    lake.put("another good.csv", text_of(B))
    lake.put("bad/ragged.csv", text_of(A) + b"x,y\n")
    lake.put("worse.csv", b"")
    with pytest.raises(JobFailure) as refused:
        lake.ingest()
    message = str(refused.value)
    assert "2 source files break the contract; nothing was committed" in message
    assert "bad/ragged.csv: line 3, column 3: the record has 2 fields where 6 are expected." in message
    assert "worse.csv: line 1, column 1: the file is empty" in message
    assert lake.rows() == [A]


@pytest.mark.parametrize("wrong", [{"rows": 3}, {"sha256": "0" * 64}], ids=["rows", "digest"])
def test_a_file_that_is_not_what_the_manifest_says_commits_nothing(lake: Lake, wrong: dict[str, Any]) -> None:
    body = text_of(A, B)
    etag = lake.put("a.csv", body)
    manifest = manifest_of("a.csv", body, etag, **wrong)
    lake.s3.put_object(Bucket=BUCKET, Key="state/manifest.json", Body=json.dumps(manifest))
    with pytest.raises(JobFailure, match=r"a\.csv: 2 rows with SHA-256"):
        lake.ingest()
    assert lake.snapshots() == []


def test_a_file_that_the_manifest_vouches_for_is_read_once(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    body = text_of(A, B)
    manifest = manifest_of("a.csv", body, lake.put("a.csv", body))
    lake.s3.put_object(Bucket=BUCKET, Key="state/manifest.json", Body=json.dumps(manifest))
    assert lake.ingest().committed
    assert "Checking" not in capsys.readouterr().out
    assert lake.rows() == sorted([A, B])


@pytest.mark.parametrize("happens", ["changed", "vanished"])
def test_an_object_that_changes_or_vanishes_while_the_job_runs_stops_it(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, happens: str
) -> None:
    lake.put("a.csv", text_of(A))
    listed = list_source_objects

    def list_then_change(*args: Any) -> Any:
        listing = listed(*args)
        if happens == "changed":
            lake.put("a.csv", text_of(B))
        else:
            lake.s3.delete_object(Bucket=BUCKET, Key="raw-data/a.csv")
        return listing

    monkeypatch.setattr("mydatahub_glue.ingestion.list_source_objects", list_then_change)
    with pytest.raises(JobFailure, match=rf"raw-data/a\.csv has {happens} since this run listed it; nothing was comm"):
        lake.ingest()


@pytest.mark.parametrize("first", [[], [C], [B, C]], ids=["empty table", "new file", "corrected file"])
def test_two_runs_at_once_both_succeed_and_double_no_row(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, first: list[Row]
) -> None:
    """A run that commits between another's look at the table and its commit makes the other look again."""
    if first:
        lake.put("z.csv", text_of(*first))
        lake.put("y.csv", text_of(("other", "", "", "", "k", "v"), *first))
        lake.ingest()
        lake.put("z.csv", text_of(C))
    lake.put("a.csv", text_of(A))
    rows_of = source_rows
    runs: list[IngestionResult] = []

    def while_another_run_commits(*args: Any) -> Any:
        monkeypatch.setattr("mydatahub_glue.ingestion.source_rows", rows_of)
        # A session of its own: what one run has loaded of the table, the other does not see.
        runs.append(in_another_session(lake).ingest())
        lake.put("b.csv", text_of(("late", "", "", "", "k", "v")))
        return rows_of(*args)

    monkeypatch.setattr("mydatahub_glue.ingestion.source_rows", while_another_run_commits)
    runs.append(lake.ingest())
    assert runs[0].committed and not runs[1].committed
    kept = [("other", "", "", "", "k", "v"), *first, C] if first else []
    assert lake.rows() == sorted([A, *kept])


def test_the_table_is_made_for_views_that_filter_on_entity1(lake: Lake) -> None:
    lake.put("a.csv", text_of(A))
    lake.ingest()
    table = lake.glue.get_table(DatabaseName=DATABASE, Name=lake.job.table)["Table"]
    columns = [(c["Name"], c["Type"]) for c in table["StorageDescriptor"]["Columns"]]
    names = [*HEADER_LINE.split(","), "source_file", "source_sha256"]
    assert columns == [*((n, "string") for n in names), ("ingested_at", "timestamp")]
    location = f"s3://{BUCKET}/iceberg-data/{DATABASE}/{lake.job.table}"
    assert table["StorageDescriptor"]["Location"] == location
    key = table["Parameters"]["metadata_location"].removeprefix(f"s3://{BUCKET}/")
    metadata = json.loads(lake.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())
    assert metadata["format-version"] == 2
    [partition] = metadata["partition-specs"][-1]["fields"]
    assert partition["transform"] == "bucket[16]"
    assert len(metadata["sort-orders"][-1]["fields"]) == 5
    assert metadata["properties"]["write.parquet.row-group-size-bytes"] == str(4 << 20)


def test_the_definer_holds_its_grants_on_the_table_from_the_first_run_on(lake: Lake) -> None:
    lake.put("a.csv", text_of(A))
    lake.ingest()
    table = {"DatabaseName": DATABASE, "Name": lake.job.table}
    [held] = [
        entry
        for entry in lake.lakeformation.list_permissions(Resource={"Table": table})["PrincipalResourcePermissions"]
        if entry["Principal"]["DataLakePrincipalIdentifier"] == DEFINER
    ]
    assert sorted(held["Permissions"]) == sorted(held["PermissionsWithGrantOption"]) == ["DESCRIBE", "SELECT"]
