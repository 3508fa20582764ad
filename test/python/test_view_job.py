"""The views job from the table on: what it finds, publishes, tells and leaves. Spark and Iceberg are real."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from conftest import BUCKET
from fake_lake import Publishing
from ingestion_lake import A, B, C, Row
from mydatahub_glue.backoff import Backoff
from mydatahub_glue.columns_table import COLUMNS_TABLE
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.lost_names import names_of
from mydatahub_glue.naming import ENTITY_COLUMNS
from mydatahub_glue.publisher import Outcome
from mydatahub_glue.view_grants import ViewGrants
from mydatahub_glue.view_job import Means, publish_views
from mydatahub_glue.view_rules import ViewRules
from mydatahub_glue.view_settings import ViewJob, ViewSettings
from mydatahub_glue.wanted_views import Names
from test_view_grants import FakeLakeFormation

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_s3 import S3Client

PENGUINS, WEATHER = "entity_view_penguins", "entity_view_weather"
READER = "arn:aws:iam::1:role/reader"
CREATE = "CREATE PROTECTED MULTI DIALECT VIEW"
TABLE = "glue_catalog.iceberg_db.entity_data"
SCHEMA = "entity1 string, entity2 string, entity3 string, entity4 string, key string, value string"


class Views(Publishing):
    """The views of a lake with a real table: `run` is the whole job."""

    def __init__(self, spark: SparkSession, s3: "S3Client", glue: "GlueClient") -> None:
        super().__init__()
        self.session, self.store, self.tables = spark, s3, glue
        self.lake_formation = FakeLakeFormation()
        config = {"version": 1, "readers": [{"principal": READER, "views": ["*"]}]}
        s3.put_object(Bucket=BUCKET, Key="config/lake.json", Body=json.dumps(config).encode())
        self.times = 0
        spark.sql(f"CREATE TABLE {TABLE} ({SCHEMA}, ingested_at TIMESTAMP) USING iceberg")

    def ingest(self, *rows: Row) -> None:
        """The rows take the place of all; each time they are a day younger."""
        self.times += 1
        frame = self.session.createDataFrame(list(rows), SCHEMA).coalesce(1)
        frame = frame.withColumn("ingested_at", F.lit(f"2026-01-{self.times:02d}").cast("timestamp"))
        frame.writeTo(TABLE).overwrite(F.lit(True))

    def run(self, **settings: Any) -> Outcome:
        athena, catalog, dialects = self.parts(Backoff(sleep=self.slept.append, dice=lambda most: most))
        means = Means(athena, catalog, dialects, ViewGrants(self.lake_formation, "1", "iceberg_db"))
        asked = replace(ViewSettings(), **settings)
        job = ViewJob(BUCKET, "state/", "iceberg-data/", "glue_catalog", "iceberg_db", "entity_data", asked)
        return publish_views(self.session, job, self.store, means)[1]

    def columns(self) -> list[tuple[Any, ...]]:
        name = f"glue_catalog.iceberg_db.{COLUMNS_TABLE}"
        self.session.sql(f"REFRESH TABLE {name}")
        found = self.session.sql(
            f"SELECT view_name, column_name, entity1, original_key, CAST(first_seen AS DATE), rows FROM {name}"
        )
        return sorted((*row[:4], str(row[4]), row[5]) for row in found.collect())

    def state(self, name: str) -> Any:
        return json.loads(self.store.get_object(Bucket=BUCKET, Key=f"state/{name}")["Body"].read())

    def stamps(self) -> dict[str, Any]:
        """Everything that can be written, as it was written last."""
        objects = self.store.list_objects_v2(Bucket=BUCKET)["Contents"]
        tables = self.tables.get_tables(DatabaseName="iceberg_db")["TableList"]
        return {
            **{entry["Key"]: (entry["LastModified"], entry["ETag"]) for entry in objects},
            **{table["Name"]: table["Parameters"] for table in tables},
            "statements": self.heads(),
            "updates": len(self.glue.updates),
            "grants": len(self.lake_formation.calls),
        }


@pytest.fixture
def views(spark: SparkSession, s3: "S3Client", glue: "GlueClient") -> Iterator[Views]:
    found = Views(spark, s3, glue)
    found.ingest(A, B, C)
    yield found
    for catalog, table in (("glue_catalog", "entity_data"), ("glue_catalog_pinned", COLUMNS_TABLE)):
        spark.sql(f"DROP TABLE IF EXISTS {catalog}.iceberg_db.{table}")


def test_a_run_does_what_is_new_and_nothing_else(views: Views, capsys: pytest.CaptureFixture[str]) -> None:
    assert sorted(views.run().created) == [PENGUINS, WEATHER]
    old = [
        (PENGUINS, "mass", "penguins", "mass", "2026-01-01", 2),
        (WEATHER, "rain", "weather", "rain", "2026-01-01", 1),
    ]
    assert views.columns() == old
    assert views.lake_formation.grants == {(name, READER) for name in (PENGUINS, WEATHER, COLUMNS_TABLE)}
    assert views.state("views.json")["settings"] == {"form": "auto", "without_data": "keep"}

    # For people: what was published when, how large, and its text.
    entry, text = views.state("views.json")["views"][WEATHER], views.state(f"view-sql/{WEATHER}.json")
    assert (text["hash"], entry["snapshot_id"]) == (entry["hash"], before_snapshot(views))
    assert text["athena"] == views.glue.views[WEATHER]["dialects"]["ATHENA"]
    assert text["spark"] == views.glue.views[WEATHER]["dialects"]["SPARK"]
    assert entry["glue_characters"] == max(len(text["athena"]), len(text["spark"]))
    assert entry["athena_bytes"] - len(text["athena"]) == len(f"{CREATE} . SECURITY DEFINER AS ") + 2 * 257

    views.heads()
    before = views.stamps()
    assert sorted(views.run().unchanged) == [PENGUINS, WEATHER]
    assert views.stamps() == before

    # The rows were replaced, so they are younger; the keys are not.
    views.ingest(A, B, C, ("weather", "Seattle", "", "", "Wind (m/s)", "3"), ("new", "", "", "", "k", "v"))
    before = views.stamps()
    capsys.readouterr()
    views.run(dry_run=True)
    told = capsys.readouterr().out
    assert "DIFFERENCE: 1 new, 1 changed, 1 unchanged, 0 without data" in told
    assert "+ iceberg_db.entity_view_new: 1 key" in told
    assert f"~ iceberg_db.{WEATHER}: new: wind_m_s" in told
    names = f"  --- iceberg_db.{WEATHER}\n  +++ iceberg_db.{WEATHER} (wanted)\n"
    assert f"{names}  @@ -4,2 +4,3 @@\n   entity4\n  +wind_m_s\n   rain\n" in told
    printed = json.loads(base64.b64decode(told.splitlines()[-1].split(" ")[-1]))
    assert (printed["unchanged"], printed["without_data"]) == (1, {})
    assert printed["new"] == {"entity_view_new": {"entity1": "new", "columns": [*ENTITY_COLUMNS, "k"], "types": {}}}
    changed = {"entity1": "weather", "columns": [*ENTITY_COLUMNS, "wind_m_s", "rain"], "types": {}}
    now = {"columns_now": [*ENTITY_COLUMNS, "rain"], "types_now": {}, "why": "new: wind_m_s"}
    assert printed["changed"] == {WEATHER: changed | now}
    assert views.stamps() == before

    assert views.run(only="weather").updated == [WEATHER]
    assert views.heads() == [f"ALTER VIEW iceberg_db.{WEATHER} FORCE UPDATE DIALECT"]
    wind = (WEATHER, "wind_m_s", "weather", "Wind (m/s)", "2026-01-02", 1)
    assert views.columns() == [*old, wind]
    # Not all of them are published for this snapshot.
    assert views.state("views.json")["snapshot_id"] == before_snapshot(views)
    assert views.run().created == ["entity_view_new"]
    assert views.columns() == sorted([*old, wind, ("entity_view_new", "k", "new", "k", "2026-01-02", 1)])
    with pytest.raises(JobFailure, match=r"no row of .* has the entity1 'Weather' that --only asks for"):
        views.run(only="Weather")

    views.session.sql(f"ALTER TABLE {TABLE} ADD COLUMNS (more STRING)")
    capsys.readouterr()
    assert sorted(views.run().updated) == ["entity_view_new", PENGUINS, WEATHER]
    why = "the entity table has other columns than when it was made"
    assert capsys.readouterr().out.count(why) == 3


def before_snapshot(views: Views) -> str:
    """Id of the first snapshot with rows."""
    views.session.sql(f"REFRESH TABLE {TABLE}")
    found = views.session.sql(f"SELECT snapshot_id FROM {TABLE}.snapshots ORDER BY committed_at").collect()
    return str(found[0]["snapshot_id"])


def test_a_name_once_given_stays_when_the_state_of_names_is_lost(views: Views) -> None:
    """The table entity_columns has them all."""
    views.ingest(A, ("weather", "x", "", "", "plain", "1"))
    views.run()
    views.glue.others.append(COLUMNS_TABLE)
    views.store.delete_object(Bucket=BUCKET, Key="state/names.json")
    views.ingest(A, ("weather", "x", "", "", "plain", "1"), ("weather", "x", "", "", "Plain", "2"))
    views.run()
    columns = views.state("names.json")["columns"]["weather"]
    assert columns["plain"] == "plain" and columns["Plain"].startswith("plain_")


def test_names_of_a_table_are_those_that_rules_have_not_given() -> None:
    rows = [("v_2", "b", "e", "B"), ("v", "a", "e", "a"), ("v", "short", "e", "a long key"), ("w", "same", "f", "same")]
    rename = [{"line": 3, "key": "a long key", "column": "short"}, {"line": 4, "key": "same", "column": "same"}]
    rules = ViewRules(({"line": 2, "pattern": "*", "rename": rename},))
    names = names_of(rows, rules)
    assert names == Names(
        {"e": "v", "f": "w"}, {"e": {"B": "b", "a": "a"}, "f": {"same": "same"}}, {"e": ["v_2"]}, {"e": {"B": 1}}
    )


def test_a_view_without_data_is_kept_marked_or_dropped(views: Views, capsys: pytest.CaptureFixture[str]) -> None:
    views.run()
    published = views.state("views.json")["views"][WEATHER]
    views.ingest(A, B)

    def left() -> dict[str, tuple[str, bool]]:
        entries = views.state("views.json")["without_data"].items()
        return {name: (entry["entity1"], entry.get("marked", False)) for name, entry in entries}

    for _ in range(2):
        views.run()
        assert left() == {WEATHER: ("weather", False)}
        assert views.state("views.json")["without_data"][WEATHER]["published"] == published
    views.run(without_data="mark")
    assert left() == {WEATHER: ("weather", True)}
    told = views.glue.views[WEATHER]["description"]
    assert told.startswith("No row of its entity1 is left, since 20")
    views.heads()
    before = views.stamps()
    views.run(without_data="mark")
    assert views.stamps() == before

    views.ingest(A, B, C)
    assert views.run(without_data="mark").updated == [WEATHER]
    assert (views.glue.views[WEATHER]["description"], left()) == ("", {})
    views.ingest(A, B)
    views.run(without_data="drop")
    assert f"  dropped, since they have no data: 1: {WEATHER}\n" in capsys.readouterr().out
    assert (WEATHER in views.glue.views, left()) == (False, {})


@pytest.mark.parametrize("end", ["stopped", "killed"])
def test_a_run_that_is_cut_short_is_taken_up_where_it_was(
    views: Views, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr("mydatahub_glue.view_progress._SECONDS_BETWEEN_WRITES", 0.0)
    monkeypatch.setattr("mydatahub_glue.view_progress._TIMES_A_WRITE", 0.0)
    views.ingest(A, B, C, *((f"e{n:02d}", "", "", "", "k", "v") for n in range(60)))
    ran = views.athena._run

    def dies_at_last(statement: str) -> dict[str, Any]:
        if "entity_view_e59" in statement:
            raise KeyboardInterrupt
        return ran(statement)

    monkeypatch.setattr(views.athena, "_run", dies_at_last)
    with pytest.raises(KeyboardInterrupt), monkeypatch.context() as dying:
        if end == "killed":
            # Nothing of what a run does at its end, not even at an early one.
            dying.setattr("mydatahub_glue.early_grants.EarlyGrants.end", lambda grants: grants._pool.shutdown())
            dying.setattr("mydatahub_glue.view_progress.ViewProgress.keep", lambda _: None)
        views.run()
    monkeypatch.setattr(views.athena, "_run", ran)
    made = {name for name, view in views.glue.views.items() if len(view["dialects"]) == 2}
    known = {name for name, view in views.state("views.json")["views"].items() if view["hash"]}
    assert known <= made
    assert len(made - known) < (1 if end == "stopped" else 20)
    assert "entity_view_e59" not in made
    assert {name for name, _ in views.lake_formation.grants} >= known
    views.heads()
    outcome = views.run()
    assert set(outcome.unchanged) == known
    assert len(views.heads()) == len(outcome.created) + len(outcome.updated) == 62 - len(known)
    assert {name for name, _ in views.lake_formation.grants} == {*views.glue.views, COLUMNS_TABLE}
