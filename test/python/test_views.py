"""The views' Spark SQL, and the verification, on real Spark."""

import hashlib
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from mydatahub_glue import pivot
from mydatahub_glue.fingerprint import column_groups, fingerprint_query, hashed_rows_query
from mydatahub_glue.pivot import Form, view_sql
from mydatahub_glue.printed_result import result_lines
from mydatahub_glue.quoting import athena_string, spark_string

FINGERPRINTS = json.loads((Path(__file__).parents[1] / "vectors" / "fingerprint.json").read_text())["cases"]
NASTY = [
    "'; DROP TABLE x --",
    "\\",
    "\\'",
    "${a}",
    "${spark.master}",
    "`",
    '"',
    "''",
    "a\nb\r\n\t\x01",
    "🐧",
    "\\u0041",
]
NASTY += ["k" * 300, "", "/* x */", "%", "é", "\u2028", "$"]


def test_any_text_is_a_literal(spark: SparkSession) -> None:
    literals = ", ".join(f"{spark_string(text)} AS c{i}" for i, text in enumerate(NASTY))
    assert list(spark.sql(f"SELECT {literals}").collect()[0]) == NASTY
    assert athena_string("a'b\\") == "'a''b\\'"


Row = tuple[str, str, str, str, str, str | None]
SCHEMA = "entity1 string, entity2 string, entity3 string, entity4 string, key string, value string"
ODD_ENTITY = "'e\\${a}"
# Their order by UTF-16 is another one: U+10000 is D800 DC00 there, before U+E000 and U+FF5E.
BEYOND = ["\ue000", "\uff5e", "\U00010000", "\U0010ffff"]


def odd_rows() -> list[Row]:
    """Missing pairs, empty texts, NULL alone and beside a value, and several values of a pair."""
    rows: list[Row] = [
        (entity1, "x", "", str(n), key, f"{n}{key}" if n % 3 else "")
        for entity1, n, key in itertools.product([ODD_ENTITY, "other"], range(3), [k for k in NASTY if k] + BEYOND)
        if (n + len(key)) % 2 or n == 0
    ]
    more = [("1", "é", "zzz"), ("1", "é", None), ("1", "é", "\uff5e"), ("1", "é", "\U0001f427"), ("1", "é", "zz")]
    more += [("2", "%", None), ("nothing", "$", None), ("nothing", "unknown", "of no column")]
    return rows + [(ODD_ENTITY, "x", "", entity4, key, value) for entity4, key, value in more]


def independent_pivot(rows: list[Row], keys: list[str]) -> dict[tuple[str, ...], tuple[str | None, ...]]:
    """Entity -> the greatest value, in byte order, of each key; computed here and by nothing of the job."""
    cells: dict[tuple[str, ...], dict[str, bytes]] = {}
    for entity1, entity2, entity3, entity4, key, value in rows:
        if entity1 == ODD_ENTITY:
            of_entity = cells.setdefault((entity1, entity2, entity3, entity4), {})
            if value is not None:
                of_entity[key] = max(of_entity.get(key, b""), value.encode())
    return {
        entity: tuple(found[key].decode() if key in found else None for key in keys) for entity, found in cells.items()
    }


@pytest.mark.parametrize("ansi", ["false", "true"])
@pytest.mark.parametrize(("form", "size"), [("case", 0), ("chunked", 1), ("chunked", 4), ("chunked", 100)])
def test_the_pivot_of_odd_data_is_what_a_plain_pivot_gives(
    spark: SparkSession, form: Form, size: int, ansi: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pivot, "RANGE_KEYS", size)
    keys = [k for k in NASTY if k] + BEYOND
    spark.sql("CREATE DATABASE IF NOT EXISTS pivot_db")
    spark.createDataFrame(odd_rows(), SCHEMA).createOrReplaceTempView("entity_data")
    columns = {key: f"c{i}" for i, key in enumerate(keys)}
    sql = view_sql("pivot_db", "entity_data", ODD_ENTITY, columns, form)
    spark.conf.set("spark.sql.ansi.enabled", ansi)
    try:
        got = spark.sql(sql.spark.replace("`pivot_db`.`entity_data`", "entity_data"))
        found = {tuple(row[:4]): tuple(row[4:]) for row in got.collect()}
    finally:
        spark.conf.unset("spark.sql.ansi.enabled")
    assert tuple(got.columns) == sql.columns
    ordered = sorted(keys, key=str.encode)
    assert sql.columns[4:] == tuple(columns[key] for key in ordered)
    assert found == independent_pivot(odd_rows(), ordered)


def test_a_column_may_have_any_name_of_the_definitions_own(spark: SparkSession) -> None:
    rows = [("e", "x", "", "", f"k{i}", f"value {i}") for i in range(80)]
    spark.createDataFrame(rows, SCHEMA).createOrReplaceTempView("entity_data")
    for letter in "akmrv":
        columns = {f"k{i}": f"{letter}{i}" for i in range(80)}
        text = view_sql("d", "entity_data", "e", columns).spark.replace("`d`.`entity_data`", "entity_data")
        (found,) = spark.sql(text).collect()
        assert {name: found[column] for name, column in columns.items()} == {f"k{i}": f"value {i}" for i in range(80)}


def test_a_query_for_one_column_collects_one_range(spark: SparkSession) -> None:
    spark.createDataFrame([], SCHEMA).createOrReplaceTempView("entity_data")
    columns = {f"key {i:04d}": f"c{i}" for i in range(10 * pivot.RANGE_KEYS)}
    text = view_sql("d", "entity_data", "e", columns).spark.replace("`d`.`entity_data`", "entity_data")

    def collected(select: str) -> int:
        plan: Any = spark.sql(f"SELECT {select} FROM ({text})")
        return str(plan._jdf.queryExecution().optimizedPlan().toString()).count("collect_list(")

    assert [collected("*"), collected("entity2, c5"), collected("count(*)")] == [10, 1, 0]


def test_the_form_follows_from_the_number_of_keys_and_the_setting() -> None:
    few = {f"k{i}": f"k{i}" for i in range(pivot.MOST_CASES)}
    many = {**few, "another": "another"}
    cases: list[tuple[dict[str, str], Form, bool]] = [
        (few, "auto", False),
        (many, "auto", True),
        (few, "chunked", True),
        (many, "case", False),
    ]
    for columns, form, chunked in cases:
        sql = view_sql("d", "t", "e", columns, form)
        assert ("multimap_from_entries" in sql.athena, "collect_list" in sql.spark) == (chunked, chunked)


def test_a_column_takes_at_most_60_bytes_of_sql_at_keys_of_ten_characters() -> None:
    columns = {f"{i:010d}": f"k{i:09d}" for i in range(3000)}
    sql = view_sql("iceberg_db", "entity_data", "penguins", columns)
    assert max(len(sql.athena), len(sql.spark)) <= 60 * 3000
    long = {f"{i:020d}": f"k{i:019d}" for i in range(3000)}
    assert len(view_sql("iceberg_db", "entity_data", "penguins", long).athena) < 262_144 - 300


@pytest.mark.parametrize("case", FINGERPRINTS, ids=lambda case: case["title"])
def test_the_fingerprint_is_the_one_computed_without_sql(spark: SparkSession, case: dict[str, Any]) -> None:
    columns = case["columns"]
    schema = ", ".join(f"`{column}` string" for column in columns)
    spark.createDataFrame([tuple(row) for row in case["rows"]], schema).createOrReplaceTempView("v")
    found = spark.sql(fingerprint_query("v", dict.fromkeys(columns, "string"))).collect()[0]
    assert found["n"] == len(case["rows"])
    assert f"{int(found['d1'])}-{int(found['d2'])}" == case["fingerprint"]
    hashed = spark.sql(hashed_rows_query("v", dict.fromkeys(columns, "string"), 3)).collect()
    assert len(hashed) == min(3, len(case["rows"]))
    assert [row[0] for row in hashed] == sorted(row[0] for row in hashed)
    for row in hashed:
        cells = "".join("-" if value is None else f"{len(value)}:{value}" for value in row[1:5])
        assert row[0][:64] == hashlib.sha256(f"0;{cells}".encode()).hexdigest()


def test_a_view_must_begin_with_its_entity_columns() -> None:
    with pytest.raises(ValueError, match="a view begins with entity1"):
        column_groups(["entity1", "entity2", "entity4", "entity3", "a"])


def test_result_lines_carry_any_length() -> None:
    text = "é" * 100_000
    lines = result_lines(text)
    assert len(lines) > 1 and all(len(line) < 50_000 for line in lines)
    assert lines[0].startswith(f"MYDATAHUB-RESULT 1/{len(lines)} ")
