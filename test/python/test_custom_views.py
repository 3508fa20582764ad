"""Views by the rules of config/views.yml: their Spark SQL on real Spark, and what is refused before any engine."""

import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from mydatahub_glue.expressions import ExpressionError, carried
from mydatahub_glue.fingerprint import text_of
from mydatahub_glue.pivot import FORMS, Form, key_ranges
from mydatahub_glue.value_types import value_type
from mydatahub_glue.view_rules import ViewRules
from mydatahub_glue.wanted_views import Definition, Names, WantedView, wanted_views

VECTORS = Path(__file__).parents[1] / "vectors"
VALUES: dict[str, Any] = json.loads((VECTORS / "values.json").read_text(encoding="utf-8"))
EXPRESSIONS: list[dict[str, Any]] = json.loads((VECTORS / "expressions.json").read_text(encoding="utf-8"))
TEXTS: dict[str, Any] = json.loads((VECTORS / "expression-texts.json").read_text(encoding="utf-8"))
ROW: dict[str, Any] = json.loads((VECTORS / "expression-row.json").read_text(encoding="utf-8"))
PENGUINS = json.loads((VECTORS / "custom-views" / "views.json").read_text(encoding="utf-8"))["views"]
SCHEMA = (
    "entity1 string, entity2 string, entity3 string, entity4 string, key string, value string, ingested_at timestamp"
)
DAY = datetime(2026, 3, 29, tzinfo=timezone.utc)


def wanted(
    rules: list[dict[str, Any]], keys: dict[str, set[str]], form: Form = "auto", names: Names | None = None
) -> dict[str, WantedView]:
    definition = Definition("rules_db", "entity_data", form, ViewRules(tuple(rules)))
    _, views = wanted_views(definition, names or Names({}, {}, {}, {}), keys)
    return {view.name.removeprefix("entity_view_"): view for view in views}


def rows_of(spark: SparkSession, view: WantedView, rows: list[tuple[Any, ...]]) -> list[dict[str, str | None]]:
    """The rows of the view's Spark SQL, in order, as texts; entity1 to entity4 left out."""
    spark.createDataFrame(rows, SCHEMA).createOrReplaceTempView("entity_data")
    frame = spark.sql(view.sql.spark.replace("`rules_db`.`entity_data`", "entity_data"))
    assert tuple((field.name, field.dataType.simpleString()) for field in frame.schema) == view.sql.schema
    found = frame.orderBy("entity2", "entity3", "entity4")
    texts = [f"{text_of(name, of)} AS `{name}`" for name, of in view.sql.schema[4:]]
    return [row.asDict() for row in found.selectExpr(*texts).collect()]


@pytest.mark.parametrize("ansi", ["false", "true"])
def test_exactly_the_texts_of_the_vectors_are_values_of_a_type(spark: SparkSession, ansi: str) -> None:
    texts = {name: [*given["values"], *given["others"], None] for name, given in VALUES.items()}
    rows = [(name, text) for name, of_type in texts.items() for text in of_type]
    spark.createDataFrame(rows, "type string, v string").coalesce(1).createOrReplaceTempView("texts")
    types = {name: value_type(name) for name in VALUES}
    typed = [f"{of.spark_cast('v')} AS x{n}, {of.spark_accepts('v')} AS a{n}" for n, of in enumerate(types.values())]
    shown = [f"{text_of(f'x{n}', of.glue)} AS x{n}, a{n}" for n, of in enumerate(types.values())]
    spark.conf.set("spark.sql.ansi.enabled", ansi)
    try:
        frame = spark.sql(f"SELECT type, v, {', '.join(typed)} FROM texts")
        frame.createOrReplaceTempView("typed")
        assert [frame.schema[f"x{n}"].dataType.simpleString() for n in range(len(types))] == [
            of.glue for of in types.values()
        ]
        found = spark.sql(f"SELECT type, v, {', '.join(shown)} FROM typed").collect()
    finally:
        spark.conf.unset("spark.sql.ansi.enabled")
    for n, (name, given) in enumerate(VALUES.items()):
        of_type = [row for row in found if row["type"] == name]
        values = {text: given["values"].get(text) for text in texts[name]}
        assert {row["v"]: row[f"x{n}"] for row in of_type} == values
        accepted = {text: None if text is None else text in given["values"] for text in texts[name]}
        assert {row["v"]: row[f"a{n}"] for row in of_type} == accepted


def test_a_view_by_rules_has_the_rows_that_they_say(spark: SparkSession) -> None:
    sheep = {
        "1": {"Culmen Length (mm)": "39.1", "Culmen Depth (mm)": "18.7", "Body Mass (g)": "3750", "Island": "Dream"},
        "2": {"Culmen Length (mm)": "n/a", "Culmen Depth (mm)": "0", "Date Egg": "2007-11-11", "Sex": "MALE"},
        "3": {"Culmen Length (mm)": "40", "Culmen Depth (mm)": "0.0", "Body Mass (g)": "heavy", "studyName": "PAL"},
        "4": {"Body Mass (g)": "2999", "Clutch Completion": "Yes"},
    }
    rows = [("penguins", n, "", "", key, value, DAY) for n, cells in sheep.items() for key, value in cells.items()]
    keys = {"penguins": {key for cells in sheep.values() for key in cells} | {"Comments"}}
    view = wanted(PENGUINS, keys)["penguins"]
    assert view.problem is None
    assert [name for name, _ in view.sql.schema] == [
        *("entity1", "entity2", "entity3", "entity4", "label", "ratio", "body_mass_g", "clutch_completion"),
        *("bill_depth", "bill_length", "date_egg", "island", "sex"),
    ]
    found = rows_of(spark, view, rows)
    assert [row["ratio"] for row in found] == ["2.0909", None, None]
    assert [row["body_mass_g"] for row in found] == ["3750", None, None]
    assert [row["bill_length"] for row in found] == ["39.10", None, "40.00"]
    assert [row["date_egg"] for row in found] == [None, "2007-11-11", None]
    assert [row["label"] for row in found] == ["?: DREAM", None, None]
    assert dict(zip(view.sql.columns, view.sql.comments, strict=True))["bill_length"] == "Length of the bill, in mm"
    assert view.sql.comment == "Penguins of the Palmer archipelago"


@pytest.mark.parametrize("form", FORMS)
def test_the_latest_value_is_the_youngest_then_the_greatest_and_never_a_null(spark: SparkSession, form: Form) -> None:
    def at(seconds: float | None) -> datetime | None:
        return None if seconds is None else DAY + timedelta(seconds=seconds)

    cells: dict[str, tuple[list[tuple[str | None, float | None]], str | None]] = {
        "by time": ([("z", 0), ("a", 2), ("m", 1)], "a"),
        "by a microsecond": ([("z", 0), ("a", 0.000001)], "a"),
        "a tie": ([("a", 1), ("b", 1), ("\uff5e", 1), ("\U00010000", 1)], "\U00010000"),
        "a null is no value": ([("a", 0), (None, 9)], "a"),
        "nothing but null": ([(None, 9)], None),
        "an empty text is one": ([("a", 0), ("", 1)], ""),
        "without a time": ([("a", 0), ("z", None)], "a"),
        "never a time": ([("a", None), ("b", None)], "b"),
        # Clocks are put forward in many places at this moment; a local time would go back half a year later.
        "over the change of clocks": ([("new", 3601 * 24 * 210), ("old", 3599)], "new"),
    }
    rows = [("s", "x", "", "", key, value, at(time)) for key, (given, _) in cells.items() for value, time in given]
    rule = {"line": 1, "pattern": "*", "repeated_values": {"line": 2, "value": "latest"}}
    keys = {"s": set(cells) | {f"k{n}" for n in range(20)}}
    view = wanted([rule], keys, form)["s"]
    spark.conf.set("spark.sql.session.timeZone", "Europe/Berlin")
    try:
        [found] = rows_of(spark, view, rows)
    finally:
        spark.conf.unset("spark.sql.session.timeZone")
    assert {key: found[view.columns[key]] for key in cells} == {key: value for key, (_, value) in cells.items()}


def test_expressions_give_in_spark_what_the_vectors_say(spark: SparkSession) -> None:
    extra = [
        {"line": 1, "name": f"x{n}", "expression": case["expression"], "type": case["type"]}
        for n, case in enumerate(EXPRESSIONS)
    ]
    cast = [{"line": 1, "key": key, "type": of} for key, of in ROW["cast"].items()]
    given = {"line": 1, "pattern": "*", "cast": cast, "extra_columns": extra}
    view = wanted([given], {"e": set(ROW["values"])})["e"]
    assert view.problem is None
    [row] = rows_of(spark, view, [("e", "x", "", "", key, value, DAY) for key, value in ROW["values"].items()])
    assert [(case["expression"], row[f"x{n}"]) for n, case in enumerate(EXPRESSIONS)] == [
        (case["expression"], case["value"]) for case in EXPRESSIONS
    ]


def test_a_filter_and_the_latest_value_name_each_column_once() -> None:
    given = rule()
    given["filter"] = {"line": 2, "expression": "k005 IS NOT NULL"}
    given["repeated_values"] = {"line": 3, "value": "latest"}
    view = wanted([given], {"e": {f"k{n:03d}" for n in range(160)}})["e"]
    assert view.sql.athena.count('"k050"') == view.sql.spark.count("`k050`") == 1


def test_a_query_for_one_column_of_a_view_by_rules_collects_one_range(spark: SparkSession) -> None:
    keys = [f"k{n:03d}" for n in range(160)]
    given = rule(
        cast=[{"key": key, "type": "integer"} for key in keys[:60]],
        extra_columns=[{"name": "x", "expression": "k001 + k063", "type": "integer"}],
    )
    given["repeated_values"] = {"line": 2, "value": "latest"}
    given["cast"] += [{"line": 1, "key": keys[63], "type": "integer"}]
    view = wanted([given], {"e": set(keys)}, "chunked")["e"]
    spark.createDataFrame([], SCHEMA).createOrReplaceTempView("entity_data")
    text = view.sql.spark.replace("`rules_db`.`entity_data`", "entity_data")

    def collected(select: str) -> int:
        plan: Any = spark.sql(f"SELECT {select} FROM ({text})")
        return str(plan._jdf.queryExecution().optimizedPlan().toString()).count("collect_list(")

    every = len(key_ranges(keys))
    assert [collected("*"), collected("k005"), collected("x"), collected("count(*)")] == [every, 1, 2, 0]


@pytest.mark.parametrize(("text", "problem"), [(case["expression"], case["problem"]) for case in TEXTS["refused"]])
def test_what_the_engines_may_take_for_different_things_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ExpressionError, match=re.escape(problem)):
        carried(text)


@pytest.mark.parametrize("text", TEXTS["refused by the job alone"])
def test_what_the_check_of_the_file_lets_pass_is_refused_by_the_job(text: str) -> None:
    with pytest.raises(ExpressionError):
        carried(text)


@pytest.mark.parametrize("text", [*TEXTS["accepted"], *TEXTS["read by the job, but none of the language"]])
def test_what_the_job_does_not_refuse_is_carried_to_both_engines(text: str) -> None:
    found = carried(text)
    assert found.athena and found.spark


def rule(**parts: Any) -> dict[str, Any]:
    """A rule about all; each part is on line 7."""
    return {
        "line": 1,
        "pattern": "*",
        **{name: [{"line": 7, **item} for item in items] for name, items in parts.items()},
    }


def test_what_cannot_hold_for_a_view_is_its_problem_alone() -> None:
    keys = {"good": {"a"}, "bad": {"a", "b", "c"}}
    cases = [
        (
            rule(rename=[{"key": "a", "column": "d"}, {"key": "b", "column": "d"}]),
            "cannot be named d: 'b' has that name",
        ),
        (
            rule(rename=[{"key": "a", "column": "c"}, {"key": "c", "column": "c"}]),
            "cannot be named c: 'c' has that name",
        ),
        (rule(extra_columns=[{"name": "c", "expression": "a"}]), "extra column c has the name of another"),
        (rule(extra_columns=[{"name": "x", "expression": "nope || a"}]), "reads nope, which is no column here"),
        (
            rule(rename=[{"key": "a", "column": "mass"}], extra_columns=[{"name": "x", "expression": "a"}]),
            "reads a, which is no column here; a `rename` names a mass",
        ),
        (rule(extra_columns=[{"name": "x", "expression": "a +"}]), "it cannot be read"),
    ]
    for given, problem in cases:
        names = Names({}, {"bad": {"c": "c"}}, {}, {})
        views = wanted([{**given, "pattern": "bad"}], keys, names=names)
        assert views["good"].problem is None
        told = views["bad"].problem
        assert told is not None and told.startswith("config/views.yml:7: ") and problem in told


def test_a_name_that_a_rule_gives_is_kept_from_keys_that_come_later() -> None:
    given = rule(rename=[{"key": "a", "column": "mass"}], extra_columns=[{"name": "total", "expression": "mass"}])
    view = wanted([given], {"e": {"a", "mass", "total"}})["e"]
    assert view.problem is None
    named = dict(view.columns)
    assert named.pop("a") == "mass"
    assert named["mass"].startswith("mass_") and named["total"].startswith("total_")


def test_a_key_that_is_left_out_may_be_read_and_swapped_names_are_no_collision() -> None:
    given = rule(
        leave_out=[{"key": "secret"}],
        rename=[{"key": "a", "column": "b"}, {"key": "b", "column": "a"}],
        extra_columns=[{"name": "x", "expression": "length(secret)", "type": "integer"}],
    )
    view = wanted([given], {"e": {"a", "b", "secret"}})["e"]
    assert (view.problem, view.columns, view.sql.columns[4:]) == (None, {"a": "b", "b": "a"}, ("b", "a", "x"))


def test_rules_about_one_entity1_add_up_and_of_what_is_there_once_the_last_counts() -> None:
    rules = ViewRules(
        (
            {
                **rule(cast=[{"key": "k", "type": "integer"}], leave_out=[{"key": "l"}]),
                "filter": {"line": 3, "expression": "a"},
            },
            {"line": 4, "pattern": "no*"},
            {**rule(cast=[{"key": "k", "type": "date"}], leave_out=[{"key": "m"}]), "pattern": "a.*z"},
            {"line": 9, "entity1": "a.*z", "filter": {"line": 8, "expression": "b"}},
        )
    )
    found = rules.of("a.*z")
    assert found is not None and found.filter is not None
    assert (found.cast["k"].text, set(found.leave_out), found.filter.text) == ("date", {"l", "m"}, "b")
    other = rules.of("aXz")
    assert other is not None and (other.cast["k"].text, set(other.leave_out)) == ("integer", {"l"})
    assert ViewRules((rule(),)).of("line\nbreak") is not None
    told = list(rules.without_effect({"a.*z": {"k", "l"}}))
    assert told == [
        (4, "no entity1 of the table is 'no*'"),
        (7, "no entity1 of this rule has the key 'm'"),
    ]


def test_a_view_that_no_rule_changes_stays_the_same_text() -> None:
    keys = {"e": {"a", "b"}}
    plain = wanted([], keys)["e"].sql
    about = wanted([rule(leave_out=[{"key": "z"}], cast=[{"key": "z", "type": "integer"}])], keys)["e"].sql
    assert (about.hash, about.schema) == (plain.hash, plain.schema)
    commented = wanted([rule(comments=[{"column": "a", "text": "said"}])], keys)["e"].sql
    assert (commented.athena, commented.hash == plain.hash) == (plain.athena, False)


def test_of_several_views_the_first_has_the_extra_columns_and_all_have_the_filter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mydatahub_glue.view_limits.LONGEST_ATHENA_STATEMENT", 3_000)
    given = rule(extra_columns=[{"name": "x", "expression": "k00 || k39"}])
    given["filter"] = {"line": 7, "expression": "k20 IS NOT NULL"}
    views = wanted([given], {"e": {f"k{n:02d}" for n in range(40)}}, "case")
    first, *others = views.values()
    assert others and first.sql.columns[-1] == "x"
    assert all("x" not in view.sql.columns for view in others)
    assert all(view.sql.spark.endswith("WHERE NOT `k20` IS NULL") for view in views.values())
    assert sum(len(view.columns) for view in views.values()) == 40
    assert sum("k20" in view.sql.columns for view in views.values()) == 1
