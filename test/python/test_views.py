"""The views' Spark SQL, and the verification, on real Spark."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from mydatahub_glue.fingerprint import column_groups, fingerprint_query, hashed_rows_query
from mydatahub_glue.pivot import view_sql
from mydatahub_glue.quoting import athena_string, spark_string
from mydatahub_glue.verification import result_lines

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


def test_the_pivot_of_odd_data_is_what_a_plain_pivot_gives(spark: SparkSession) -> None:
    keys = [k for k in NASTY if k]
    rows = [
        (e, "x", "", str(n), key, f"{n}{key}" if n % 3 else "")
        for e, n, key in itertools.product(["'e\\${a}", "other"], range(3), keys)
        if (n + len(key)) % 2 or n == 0
    ]
    rows.append(("'e\\${a}", "x", "", "1", "é", "zzz"))  # a second value: the greater one counts
    schema = "entity1 string, entity2 string, entity3 string, entity4 string, key string, value string"
    spark.sql("CREATE DATABASE IF NOT EXISTS pivot_db")
    spark.sql("USE pivot_db")
    spark.createDataFrame(rows, schema).createOrReplaceTempView("entity_data")
    columns = {key: f"c{i}" for i, key in enumerate(keys)}
    sql = view_sql("pivot_db", "entity_data", "'e\\${a}", columns)
    got = spark.sql(sql.spark.replace("`pivot_db`.`entity_data`", "entity_data"))
    assert tuple(got.columns) == sql.columns
    want: dict[tuple[str, ...], dict[str, str]] = {}
    for *entity, key, value in rows:
        if entity[0] == "'e\\${a}":
            cells = want.setdefault(tuple(entity), {})
            cells[key] = max(cells.get(key, ""), value)
    ordered = sorted(keys)
    assert sql.columns[4:] == tuple(columns[key] for key in ordered)
    expected = {entity: tuple(cells.get(key) for key in ordered) for entity, cells in want.items()}
    assert {tuple(row[:4]): tuple(row[4:]) for row in got.collect()} == expected


@pytest.mark.parametrize("case", FINGERPRINTS, ids=lambda case: case["title"])
def test_the_fingerprint_is_the_one_computed_without_sql(spark: SparkSession, case: dict[str, Any]) -> None:
    columns = case["columns"]
    schema = ", ".join(f"`{column}` string" for column in columns)
    spark.createDataFrame([tuple(row) for row in case["rows"]], schema).createOrReplaceTempView("v")
    found = spark.sql(fingerprint_query("v", columns)).collect()[0]
    assert found["n"] == len(case["rows"])
    assert f"{int(found['d1'])}-{int(found['d2'])}" == case["fingerprint"]
    hashed = spark.sql(hashed_rows_query("v", columns, 3)).collect()
    assert len(hashed) == min(3, len(case["rows"]))
    assert [row[0] for row in hashed] == sorted(row[0] for row in hashed)


def test_a_view_must_begin_with_its_entity_columns() -> None:
    with pytest.raises(ValueError, match="a view begins with entity1"):
        column_groups(["entity1", "entity2", "entity4", "entity3", "a"])


def test_result_lines_carry_any_length() -> None:
    text = "é" * 100_000
    lines = result_lines(text)
    assert len(lines) > 1 and all(len(line) < 50_000 for line in lines)
    assert lines[0].startswith(f"MYDATAHUB-RESULT 1/{len(lines)} ")
