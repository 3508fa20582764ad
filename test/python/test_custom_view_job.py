"""The views job with rules of config/views.yml: what a change of them touches, tells, and leaves alone."""

import base64
import json
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from conftest import BUCKET
from ingestion_lake import A, B, C
from mydatahub_glue.columns_table import COLUMNS_TABLE, ColumnsTable, ViewColumn
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.told_columns import ToldColumns
from mydatahub_glue.wanted_views import WantedView
from test_view_job import PENGUINS, SCHEMA, TABLE, WEATHER, Views, views

__all__ = ["views"]


def rules(found: Views, *given: dict[str, Any]) -> None:
    body = json.dumps({"version": 1, "views": list(given)}).encode()
    found.store.put_object(Bucket=BUCKET, Key="config/views.yml", Body=body)


def about(entity1: str, line: int, **parts: Any) -> dict[str, Any]:
    """A rule from this line on, each item of it one line further down."""
    lists = {name: [{"line": line + 1, **item} for item in items] for name, items in parts.items()}
    return {"line": line, "entity1": entity1, **lists}


MASS = {"key": "mass", "column": "body_mass"}


def test_a_change_of_the_rules_touches_the_views_that_it_is_about(
    views: Views, capsys: pytest.CaptureFixture[str]
) -> None:
    views.ingest(A, B, C, ("penguins", "x", "", "", "mass", "heavy"), ("weather", "x", "", "", "day", "2026-02-30"))
    views.run()
    views.heads()
    capsys.readouterr()

    mass = about("penguins", 2, rename=[MASS], cast=[{"key": "mass", "type": "integer"}])
    mass["comments"] = [{"line": 8, "column": "body_mass", "text": "in g"}]
    mass["comment"] = {"line": 9, "text": "Birds"}
    mass["order"] = [{"line": 7, "column": "body_mass"}, {"line": 7, "column": "nothing"}]
    broken = about("weather", 10, extra_columns=[{"name": "x", "expression": "rain + 1", "type": "integer"}])
    unused = about("nobody", 20)
    rules(views, mass, broken, unused)
    views.athena.fail['"rain" + 1'] = "TYPE_MISMATCH: line 1:1: '+' cannot be applied to varchar, integer"
    views.run(dry_run=True)
    told = capsys.readouterr().out
    assert f"--- iceberg_db.{PENGUINS}" in told
    assert f"--- iceberg_db.{WEATHER}" not in told
    printed = json.loads(base64.b64decode(told.splitlines()[-1].split(" ")[-1]))
    assert list(printed["refused"]) == [WEATHER]
    assert printed["refused"][WEATHER].startswith("config/views.yml:11: Athena: TYPE_MISMATCH")
    assert printed["refused"][WEATHER].endswith("as a number: give 'rain' a type by `cast`")
    with pytest.raises(JobFailure, match=r"config/views.yml:11: Athena: TYPE_MISMATCH") as refused:
        views.run()
    assert "To cure it: mend config/views.yml where it is named, then npx mydatahub upload-assets, then" in str(
        refused.value
    )
    told = capsys.readouterr().out
    assert "config/views.yml: 3 rules about 2 views" in told
    assert "DIFFERENCE: 0 new, 1 changed, 0 unchanged, 0 without data, 1 refused" in told
    assert f"~ iceberg_db.{WEATHER}" not in told
    of_others = "nothing new of 1 view not published as wanted"
    assert f"Wrote iceberg_db.{COLUMNS_TABLE}: 1 column of 1 view; {of_others}\n" in told
    assert "WARNING config/views.yml:20: no entity1 of the table is 'nobody'" in told
    no_integer = (
        f"{PENGUINS}.body_mass: 1 of the 3 rows of the table with the key 'mass': the value is no integer and NULL in "
        "the view"
    )
    assert f"WARNING config/views.yml:3: {no_integer}" in told
    # For those who do not read the job's log: wait-for-views tells them, each with its line.
    assert (
        views.state("views.json")["warnings"]
        == printed["warnings"]
        == [
            {"line": 20, "text": "no entity1 of the table is 'nobody'"},
            {"line": 7, "text": "no view of this rule has the column 'nothing'"},
            {"line": 3, "text": no_integer},
        ]
    )
    # Only the one was touched; the other stays as it was, and a third is no business of the rules.
    assert [head for head in views.heads() if not head.startswith("SELECT")] == [
        f"ALTER VIEW iceberg_db.{PENGUINS} FORCE UPDATE DIALECT"
    ]
    assert views.glue.views[PENGUINS]["columns"][-1] == ("body_mass", "bigint")
    assert views.glue.comments[PENGUINS] == {"body_mass": "in g"}
    assert views.glue.views[PENGUINS]["description"] == "Birds"
    # What nobody can tell from the columns' names: views show reads it.
    assert views.state("views.json")["views"][PENGUINS]["renamed"] == {"body_mass": "mass"}
    name = f"glue_catalog.iceberg_db.{COLUMNS_TABLE}"
    views.session.sql(f"REFRESH TABLE {name}")
    said = views.session.sql(f"SELECT column_name, original_key, rows, type, not_cast, comment FROM {name}").collect()
    assert sorted(tuple(row) for row in said) == [
        ("body_mass", "mass", 3, "bigint", 1, "in g"),
        ("day", "day", 1, "string", None, ""),
        ("rain", "rain", 1, "string", None, ""),
    ]

    # A name that was given by a rule goes with it, and the key has the one back that it had.
    rules(views, about("weather", 2, cast=[{"key": "day", "type": "date"}]))
    assert sorted(views.run().updated) == [PENGUINS, WEATHER]
    assert views.glue.views[PENGUINS]["columns"][-1] == ("mass", "string")
    assert views.glue.views[PENGUINS]["description"] == ""
    assert ("day", "date") in views.glue.views[WEATHER]["columns"]
    digest = views.state("views.json")["rules"]
    [no_date] = views.state("views.json")["warnings"]
    assert "1 of the 1 rows of the table with the key 'day': the value is no date and" in no_date["text"]

    views.heads()
    before = views.stamps()
    assert sorted(views.run().unchanged) == [PENGUINS, WEATHER]
    assert views.stamps() == before and views.state("views.json")["rules"] == digest

    views.store.put_object(Bucket=BUCKET, Key="config/views.yml", Body=b"views:\n  - entity1: copied by hand\n")
    with pytest.raises(
        JobFailure, match=r"is not as upload-assets writes it .* To cure it: npx mydatahub upload-assets"
    ):
        views.run()


def test_a_view_whose_type_alone_changes_is_published_by_force(
    views: Views, capsys: pytest.CaptureFixture[str]
) -> None:
    views.run()
    views.heads()
    rules(views, about("weather", 2, cast=[{"key": "rain", "type": "decimal(5,1)"}]))
    capsys.readouterr()
    views.run(dry_run=True)
    told = capsys.readouterr().out
    assert f"~ iceberg_db.{WEATHER}: other types: rain decimal(5,1)\n" in told
    assert "\n  -rain\n  +rain decimal(5,1)\n" in told
    found = json.loads(base64.b64decode(told.splitlines()[-1].split(" ")[-1]))["changed"][WEATHER]
    assert (found["types_now"], found["types"]) == ({}, {"rain": "decimal(5,1)"})
    views.run()
    heads = [head for head in views.heads() if not head.startswith("SELECT")]
    assert heads == [f"ALTER VIEW iceberg_db.{WEATHER} FORCE UPDATE DIALECT"]
    assert views.glue.views[WEATHER]["stale"] == set()


def test_what_spark_refuses_is_told_with_its_line_before_anything_is_published(views: Views) -> None:
    """Athena's stand-in takes it; Spark, which is real, knows no type that text and boolean have in common."""
    both = [{"name": "fine", "expression": "rain"}, {"name": "odd", "expression": "coalesce(rain, TRUE)"}]
    rule = about("weather", 2, extra_columns=both)
    rule["extra_columns"][1]["expression_line"] = 7
    rules(views, rule)
    with pytest.raises(
        JobFailure, match=r"config/views\.yml:7: Spark: \[DATATYPE_MISMATCH.*give 'rain' a type"
    ) as told:
        views.run()
    assert "Project [" not in str(told.value)
    assert list(views.glue.views) == [PENGUINS]


def test_of_a_view_that_is_refused_all_stays_known(views: Views, capsys: pytest.CaptureFixture[str]) -> None:
    views.ingest(("penguins", "x", "", "", "mass", "1"))
    views.run()
    before = views.state("views.json")["views"]
    views.ingest(("penguins", "x", "", "", "mass", "1"), ("weather", "x", "", "", "rain", "2"))
    broken = [{"name": "odd", "expression": "mas"}]
    rules(views, about("penguins", 2, extra_columns=broken), about("weather", 9, extra_columns=broken))
    capsys.readouterr()
    with pytest.raises(JobFailure, match="all 2 views failed\\.\n"):
        views.run()
    told = capsys.readouterr().out
    assert "config/views.yml: 2 rules about 2 views\n" in told
    assert "DIFFERENCE: 0 new, 0 changed, 0 unchanged, 0 without data, 2 refused\n" in told
    assert "\n  + iceberg_db." not in told
    known = views.state("views.json")["views"]
    why = "config/views.yml:3: the expression 'mas' reads mas, which is no column here; most like mas: mass"
    assert known[PENGUINS] == {**before[PENGUINS], "refused": why}
    assert (known[WEATHER]["hash"], known[WEATHER]["refused"][:19]) == ("", "config/views.yml:10")
    assert list(views.glue.views) == [PENGUINS]

    # A rule that is taken back leaves nothing to be done.
    rules(views)
    ended = views.run()
    assert (ended.created, ended.updated, ended.unchanged) == ([WEATHER], [], [PENGUINS])
    known = views.state("views.json")["views"]
    assert known[PENGUINS] == before[PENGUINS]
    assert "refused" not in known[WEATHER]


def test_what_an_engine_refuses_is_put_down_to_texts_only_where_types_do_not_fit(views: Views) -> None:
    odd = {"name": "odd", "expression": "rain / 7", "type": "decimal(5,1)"}
    typed = about("weather", 2, cast=[{"key": "rain", "type": "integer"}], extra_columns=[odd])
    joined = {"name": "odd", "expression": "rain || ' mm'"}
    dated = about("weather", 2, cast=[{"key": "rain", "type": "date"}], extra_columns=[joined])
    mismatch = "FUNCTION_NOT_FOUND: line 1:9: Unexpected parameters (varchar, integer) for function round"
    for rule, reason, told in (
        (about("weather", 2, extra_columns=[odd]), mismatch, "give 'rain' a type by `cast`"),
        (about("weather", 2, extra_columns=[odd]), "GENERIC_INTERNAL_ERROR: varchar", "no reason of ours"),
        (typed, mismatch, "no reason of ours"),
        (dated, mismatch, "a date is used as a text: 'rain' is date by its `cast`, and a text without it"),
    ):
        rules(views, rule)
        views.athena.fail = {"odd": reason}
        with pytest.raises(JobFailure) as refused:
            views.run()
        said = str(refused.value).partition("\nTo cure it")[0].partition("Most likely")[2] or "no reason of ours"
        assert told in said


def test_an_extra_column_stands_in_entity_columns_without_a_key(views: Views, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rows are those of the view that have a value, counted again only where they may have changed."""
    views.ingest(A, B, C, ("penguins", "other", "", "", "mass", "heavy"))
    heavy = {"name": "heavy", "expression": "mass > 4", "type": "boolean", "comment": "Over 4"}
    rules(
        views,
        about("penguins", 2, cast=[{"key": "mass", "type": "integer"}], extra_columns=[heavy]),
        about("weather", 9, extra_columns=[{"name": "wet", "expression": "upper(rain)"}]),
    )
    name = f"glue_catalog.iceberg_db.{COLUMNS_TABLE}"

    def extra() -> list[tuple[Any, ...]]:
        views.session.sql(f"REFRESH TABLE {name}")
        asked = "view_name, column_name, entity1, rows, type, not_cast, comment, first_seen"
        found = views.session.sql(f"SELECT {asked} FROM {name} WHERE original_key IS NULL").collect()
        return sorted(tuple(row) for row in found)

    counted: list[str] = []
    rows = ToldColumns._rows

    def counting(told: ToldColumns, view: WantedView) -> dict[str, int] | None:
        counted.append(view.name)
        return rows(told, view)

    monkeypatch.setattr(ToldColumns, "_rows", counting)
    views.run()
    first = extra()
    assert [row[:-1] for row in first] == [
        (PENGUINS, "heavy", "penguins", 2, "boolean", None, "Over 4"),
        (WEATHER, "wet", "weather", 1, "string", None, ""),
    ]
    assert sorted(counted) == [PENGUINS, WEATHER]
    assert views.state("views.json")["views"][PENGUINS]["extra"] == ["heavy"]

    counted.clear()
    views.heads()
    before = views.stamps()
    views.run()
    views.heads()
    assert (counted, views.stamps()) == ([], before)

    # One row of the one entity1 comes, at another time than all others.
    frame = views.session.createDataFrame([("weather", "y", "", "", "rain", "1")], SCHEMA)
    frame.withColumn("ingested_at", F.lit("2026-02-01").cast("timestamp")).writeTo(TABLE).append()
    views.run()
    assert counted == [WEATHER]
    assert [(row[3], row[-1]) for row in extra()] == [(2, first[0][-1]), (2, first[1][-1])]


def test_the_table_of_an_earlier_version_gets_the_new_columns(spark: SparkSession, views: Views) -> None:
    name = f"glue_catalog.iceberg_db.{COLUMNS_TABLE}"
    old = "view_name STRING, column_name STRING, entity1 STRING, original_key STRING, first_seen TIMESTAMP, rows BIGINT"
    # Spark's catalog still knows the one of the test before.
    spark.sql(f"DROP TABLE IF EXISTS {name}")
    spark.sql(f"CREATE TABLE {name} ({old}) USING iceberg TBLPROPERTIES ('format-version'='2')")
    spark.sql(f"INSERT INTO {name} VALUES ('v', 'c', 'e', 'k', TIMESTAMP '2020-01-01 00:00:00', 7)")
    table = ColumnsTable(spark, "glue_catalog", "iceberg_db", f"s3://{BUCKET}/unused")
    wanted = ViewColumn("v", "c", "e", "k", 2_000_000_000_000_000, 8, "bigint", 1, "said")
    assert table.bring([wanted], []) and not table.bring([wanted], [])
    spark.sql(f"REFRESH TABLE {name}")
    [row] = spark.sql(f"SELECT *, year(first_seen) AS year FROM {name}").collect()
    assert (row["rows"], row["type"], row["not_cast"], row["comment"], row["year"]) == (8, "bigint", 1, "said", 2020)
