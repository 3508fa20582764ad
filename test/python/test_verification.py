"""What the verification keeps, whatever the views and S3 do."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from conftest import BUCKET
from mydatahub_glue import verification
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.state import read_state, write_state
from mydatahub_glue.verification import VerifyJob, verify_views

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

JOB = VerifyJob(BUCKET, "state/", "iceberg_db", "entity_data", "jr_1", ())
FOUND = {"columns": ["entity1"], "rows": 1, "fingerprint": "1-2"}
SPARK: Any = None


@pytest.fixture
def published(s3: "S3Client", monkeypatch: pytest.MonkeyPatch) -> "S3Client":
    """Two views are published; Spark reads `entity_view_a` only."""
    views: dict[str, Any] = {
        name: {"entity1": name, "columns": [], "hash": "5ha"} for name in ("entity_view_a", "entity_view_b")
    }
    write_state(s3, read_state(s3, BUCKET, "state/views.json"), {"snapshot_id": "7", "views": views})
    monkeypatch.setattr(verification, "_snapshot_id", lambda *_: 7)

    def read(_: Any, __: Any, view: str) -> dict[str, Any]:
        if view == "entity_view_b":
            raise RuntimeError("TABLE_OR_VIEW_NOT_FOUND")
        return dict(FOUND)

    monkeypatch.setattr(verification, "_verified", read)
    return s3


def state(s3: "S3Client", name: str) -> Any:
    return json.loads(s3.get_object(Bucket=BUCKET, Key=f"state/{name}")["Body"].read())


def test_a_view_that_cannot_be_read_is_listed_and_fails_the_job(published: "S3Client") -> None:
    with pytest.raises(JobFailure, match=r"1 of 2 views cannot be read in Spark:\niceberg_db.entity_view_b"):
        verify_views(SPARK, JOB, published)
    assert state(published, "verified.json") == {
        "version": 1,
        "snapshot_id": "7",
        "job_run_id": "jr_1",
        "views": {"entity_view_a": {**FOUND, "hash": "5ha"}},
        "failed": {"entity_view_b": "TABLE_OR_VIEW_NOT_FOUND"},
    }


def test_views_are_read_again_when_the_table_moves(published: "S3Client", monkeypatch: pytest.MonkeyPatch) -> None:
    seen = iter([7, 8, 9, 9])
    monkeypatch.setattr(verification, "_snapshot_id", lambda *_: next(seen))
    with pytest.raises(JobFailure, match="cannot be read"):
        verify_views(SPARK, JOB, published)
    assert state(published, "verified.json")["snapshot_id"] == "9"
    always = iter(range(100))
    monkeypatch.setattr(verification, "_snapshot_id", lambda *_: next(always))
    with pytest.raises(JobFailure, match="committed to during each of 3 attempts"):
        verify_views(SPARK, JOB, published)


def test_no_view_at_all_is_a_failure(s3: "S3Client", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "_snapshot_id", lambda *_: None)
    write_state(s3, read_state(s3, BUCKET, "state/views.json"), {"snapshot_id": "7", "views": {}})
    with pytest.raises(JobFailure, match="there is no view entity_view_"):
        verify_views(SPARK, JOB, s3)


def test_a_result_that_s3_refuses_goes_to_standard_output(
    published: "S3Client", monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from fake_aws import error

    def refuse(*_: Any) -> Any:
        raise error("AccessDenied")

    monkeypatch.setattr(verification, "write_state", refuse)
    with pytest.raises(JobFailure):
        verify_views(SPARK, JOB, published)
    assert "MYDATAHUB-RESULT 1/1 " in capsys.readouterr().out


def test_a_state_object_is_never_overwritten_unread(s3: "S3Client") -> None:
    first = read_state(s3, BUCKET, "state/names.json")
    written = write_state(s3, first, {"views": {}})
    assert write_state(s3, written, {"views": {}}) == written
    with pytest.raises(JobFailure, match="was written by somebody else"):
        write_state(s3, first, {"views": {"a": "b"}})
    write_state(s3, written, {"views": {"c": "d"}})
    with pytest.raises(JobFailure, match="was written by somebody else"):
        write_state(s3, written, {"views": {"e": "f"}})
    assert state(s3, "names.json")["views"] == {"c": "d"}


def test_a_state_object_that_is_none_is_named(s3: "S3Client") -> None:
    s3.put_object(Bucket=BUCKET, Key="state/names.json", Body=b"{]")
    with pytest.raises(JobFailure, match=r"s3://lake/state/names\.json cannot be read"):
        read_state(s3, BUCKET, "state/names.json")
