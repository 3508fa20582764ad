"""The ingestion job on real Spark and Iceberg: what was pushed is in the table, exactly once, byte for byte."""

import csv
import hashlib
import io
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from pyspark.sql import SparkSession

from conftest import BUCKET, DATABASE
from mydatahub_glue.breach import HEADER_LINE
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.ingestion import IngestionJob, IngestionResult, ingest
from mydatahub_glue.source_object import list_source_objects
from mydatahub_glue.source_tasks import source_rows

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_s3 import S3Client

VECTORS = Path(__file__).parents[1] / "vectors" / "contract"
DEFINER = "arn:aws:iam::123456789012:role/mydatahub/mydatahub-view-definer"
_TABLES = itertools.count()
csv.field_size_limit(1 << 22)

Row = tuple[str, ...]


def text_of(*rows: Row) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([HEADER_LINE.split(","), *rows])
    return out.getvalue().encode()


class Lake:
    """One table and the objects of one test."""

    def __init__(self, spark: SparkSession, s3: "S3Client", glue: "GlueClient") -> None:
        self.spark, self.s3, self.glue = spark, s3, glue
        self.lakeformation = boto3.client("lakeformation", endpoint_url=glue.meta.endpoint_url)
        self.want_grants([{"principal": DEFINER, "permissions": ["DESCRIBE", "SELECT"], "grantable": True}])
        self.job = IngestionJob(
            bucket=BUCKET,
            raw_prefix="raw-data/",
            state_prefix="state/",
            iceberg_prefix="iceberg-data/",
            catalog="glue_catalog",
            database=DATABASE,
            table=f"entity_data_{next(_TABLES)}",
            run_id="jr_test",
        )
        self.name = f"glue_catalog.{DATABASE}.{self.job.table}"

    def put(self, path: str, body: bytes) -> str:
        return self.s3.put_object(Bucket=BUCKET, Key=f"raw-data/{path}", Body=body)["ETag"]

    def want_grants(self, grants: list[dict[str, Any]]) -> None:
        body = json.dumps({"version": 1, "table_grants": grants}).encode()
        self.s3.put_object(Bucket=BUCKET, Key="config/lake.json", Body=body)

    def ingest(self) -> IngestionResult:
        return ingest(self.spark, self.job, self.s3, self.glue, self.lakeformation)

    def rows(self) -> list[Row]:
        columns = HEADER_LINE.replace("key", "`key`")
        return sorted(tuple(row) for row in self.spark.sql(f"SELECT {columns} FROM {self.name}").collect())

    def snapshots(self) -> list[Any]:
        return self.spark.sql(f"SELECT * FROM {self.name}.snapshots ORDER BY committed_at").collect()

    def state(self, name: str) -> Any:
        return json.loads(self.s3.get_object(Bucket=BUCKET, Key=f"state/{name}")["Body"].read())


@pytest.fixture
def lake(spark: SparkSession, s3: "S3Client", glue: "GlueClient") -> Iterator[Lake]:
    yield Lake(spark, s3, glue)


A = ("penguins", "Adelie", "Torgersen", "1", "mass", "3750")
B = ("penguins", "Gentoo", "Biscoe", "2", "mass", "5000")
C = ("weather", "Seattle", "", "", "rain", "")


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
    sources = lake.spark.sql(f"SELECT DISTINCT source_file, source_sha256 FROM {lake.name}").collect()
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
    lake.ingest()
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


def manifest_of(path: str, body: bytes, etag: str, **wrong: Any) -> dict[str, Any]:
    facts = {"sha256": hashlib.sha256(body).hexdigest(), "rows": body.count(b"\n") - 1, "size": len(body)}
    file = {"path": path, "key": f"raw-data/{path}", "etag": etag, "version_id": None, "commit": None, **facts, **wrong}
    return {"version": 1, "files": [file]}


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


def test_an_object_that_changes_while_the_job_runs_stops_it(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    lake.put("a.csv", text_of(A))
    listed = list_source_objects

    def list_then_change(*args: Any) -> Any:
        listing = listed(*args)
        lake.put("a.csv", text_of(B))
        return listing

    monkeypatch.setattr("mydatahub_glue.ingestion.list_source_objects", list_then_change)
    with pytest.raises(JobFailure, match=r"raw-data/a\.csv has changed since this run listed it"):
        lake.ingest()


def test_two_runs_at_once_do_not_double_the_rows(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that commits between another's look at the table and its commit makes the other fail."""
    lake.put("z.csv", text_of(C))
    lake.ingest()
    lake.put("a.csv", text_of(A))
    rows_of = source_rows

    def while_another_run_commits(*args: Any) -> Any:
        monkeypatch.setattr("mydatahub_glue.ingestion.source_rows", rows_of)
        assert lake.ingest().committed
        return rows_of(*args)

    monkeypatch.setattr("mydatahub_glue.ingestion.source_rows", while_another_run_commits)
    with pytest.raises(JobFailure, match="somebody else committed"):
        lake.ingest()
    assert lake.rows() == sorted([A, C])


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
