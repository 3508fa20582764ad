"""What Spark is given to run for a view of the Data Catalog."""

from typing import Any

from mydatahub_spark.view_definition import definition


def table(representations: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "Name": "entity_view_x",
        "StorageDescriptor": {"Columns": [{"Name": "a", "Type": "string"}, {"Name": "b`c", "Type": "int"}]},
        "ViewDefinition": {"Definer": "arn:role", "Representations": representations},
    }


SPARK = {"Dialect": "SPARK", "ViewOriginalText": "SELECT 1"}
ATHENA = {"Dialect": "ATHENA", "ViewOriginalText": "SELECT 2"}


def test_the_spark_dialect_is_what_runs() -> None:
    found = definition("db", table([ATHENA, SPARK]))
    assert found.text == "SELECT 1"
    assert found.columns == "`a` string, `b``c` int"


def test_a_view_without_spark_dialect_fails_with_the_cure() -> None:
    found = definition("db", table([ATHENA]))
    assert "View db.entity_view_x has no SPARK dialect" in found.text
    assert "ALTER VIEW db.entity_view_x ADD DIALECT" in found.text
    assert found.text.startswith("SELECT CAST(NULL AS string) AS `a`, CAST(NULL AS int) AS `b``c` FROM")


def test_a_stale_spark_dialect_fails_with_the_cure() -> None:
    found = definition("db", table([SPARK | {"IsStale": True}, ATHENA]))
    assert "is stale" in found.text and "raise_error(" in found.text


def test_a_text_that_names_the_session_catalog_finds_its_tables_as_the_definer_too() -> None:
    text = "SELECT 'spark_catalog.x' AS a FROM `spark_catalog`.db.t JOIN Spark_Catalog.db.u -- spark_catalog.db.v"
    found = definition("db", table([{**SPARK, "ViewOriginalText": text}]))
    assert found.text == (
        "SELECT 'spark_catalog.x' AS a FROM mydatahub_definers.db.t JOIN mydatahub_definers.db.u -- spark_catalog.db.v"
    )
