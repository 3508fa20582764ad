"""The entry scripts hand on the arguments that Terraform passes."""

import signal
import sys
from typing import Any

import pytest

import glue_create_views_dual_engine
import glue_csv_to_iceberg
import glue_set_spark_dialects
import glue_verify_views
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.ingestion_settings import IngestionSettings
from mydatahub_glue.view_settings import ViewSettings

GIVEN = {
    "JOB_NAME": "job",
    "JOB_RUN_ID": "jr_1",
    "conf": "a=b --conf c=d",
    "bucket": "lake",
    "raw_prefix": "raw-data/",
    "state_prefix": "state/",
    "iceberg_prefix": "iceberg-data/",
    "quarantine_prefix": "quarantine/",
    "ingestion_mode": "append",
    "removed_files": "remove",
    "bad_files": "quarantine",
    "additional_columns": "merge",
    "database": "iceberg_db",
    "table": "entity_data",
    "catalog": "glue_catalog",
    "workgroup": "lake",
    "definer_arn": "arn:aws-cn:iam::1:role/definer",
    "account_id": "1",
    "region": "us-east-1",
    "spark_dialect_job": "create-views-spark-dialect",
    "request_id": "42",
}


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the scripts call; no Spark and no AWS behind it."""
    seen: list[tuple[Any, ...]] = []
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr("pyspark.sql.SparkSession.Builder.getOrCreate", lambda _: "spark")
    for script, function in (
        (glue_csv_to_iceberg, "ingest"),
        (glue_create_views_dual_engine, "publish_views"),
        (glue_set_spark_dialects, "set_dialects"),
        (glue_verify_views, "verify_views"),
    ):
        monkeypatch.setattr(script, function, lambda *args: seen.append(args))
    return seen


def run(script: Any, monkeypatch: pytest.MonkeyPatch, **more: str) -> None:
    argv = ["script.py"]
    for name, value in (GIVEN | more).items():
        argv += [f"--{name}", value]
    monkeypatch.setattr(sys, "argv", argv)
    script.main()


def test_the_ingestion_gets_its_prefixes_and_names(calls: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    run(glue_csv_to_iceberg, monkeypatch)
    [(_, job, *_)] = calls
    assert job.settings == IngestionSettings("append", "remove", "quarantine", "merge")
    assert (job.bucket, job.raw_prefix, job.state_prefix) == ("lake", "raw-data/", "state/")
    assert (job.iceberg_prefix, job.catalog, job.database) == ("iceberg-data/", "glue_catalog", "iceberg_db")
    assert (job.table, job.run_id) == ("entity_data", "jr_1")


def test_the_views_job_names_the_base_table_in_its_partition(calls: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    run(glue_create_views_dual_engine, monkeypatch)
    [(_, job, _, means)] = calls
    assert (job.catalog, job.table, job.settings) == ("glue_catalog", "entity_data", ViewSettings())
    assert means.catalog._base_table_arn == "arn:aws-cn:glue:us-east-1:1:table/iceberg_db/entity_data"
    assert means.spark_dialects.job_name == "create-views-spark-dialect"


def test_the_views_job_refuses_a_strategy_that_it_does_not_know(
    calls: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(glue_create_views_dual_engine, monkeypatch, view_strategy="spark-first")
    assert calls[0][1].settings.strategy == "spark-first"
    with pytest.raises(JobFailure, match="use athena-first or spark-first"):
        run(glue_create_views_dual_engine, monkeypatch, view_strategy="both")


def test_a_termination_signal_ends_the_views_job_as_an_exception(
    calls: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    try:
        run(glue_create_views_dual_engine, monkeypatch)
        with pytest.raises(SystemExit, match="143"):
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)


def test_the_dialect_job_gets_its_request(calls: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    run(glue_set_spark_dialects, monkeypatch)
    [(_, job, _)] = calls
    assert (job.bucket, job.state_prefix, job.request_id) == ("lake", "state/", "42")


def test_the_verification_takes_the_views_whose_rows_are_wanted(
    calls: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(glue_verify_views, monkeypatch)
    run(glue_verify_views, monkeypatch, rows_of="entity_view_a,entity_view_b")
    assert [job.rows_of for _, job, _ in calls] == [(), ("entity_view_a", "entity_view_b")]
    assert calls[0][1].run_id == "jr_1"
