"""What the launcher understands of Glue's view statements."""

import pytest
from mydatahub_spark.view_statements import ViewStatement, parse
from pyspark.errors import AnalysisException


def parsed(text: str) -> ViewStatement:
    statement = parse(text)
    assert statement is not None
    return statement


def test_a_create_statement_keeps_its_query_as_it_was_written() -> None:
    found = parsed(
        "create or replace protected multi dialect view iceberg_db.`v``1`\nsecurity definer as\n"
        "SELECT 'a AS b', `as` -- why\nFROM t;\n"
    )
    assert found == ViewStatement(
        "CREATE",
        ["iceberg_db", "v`1"],
        "SELECT 'a AS b', `as` -- why\nFROM t",
        or_replace=True,
    )


def test_every_clause_of_create_is_understood() -> None:
    found = parsed(
        "CREATE PROTECTED MULTI DIALECT VIEW IF NOT EXISTS v (a COMMENT 'it\\'s, )', `b c`) COMMENT 'x' "
        "TBLPROPERTIES ('k' = 'v (1)') SECURITY DEFINER SHOW VIEW JSON AS SELECT 1, 2"
    )
    assert found.if_not_exists and found.dry_run and not found.or_replace
    assert found.columns == ["a", "b c"]
    assert found.query == "SELECT 1, 2"


@pytest.mark.parametrize("action", ["ADD", "UPDATE"])
def test_dialects_are_added_and_updated_with_and_without_force(action: str) -> None:
    assert parsed(f"ALTER VIEW d.v {action} DIALECT AS SELECT 1").force is False
    forced = parsed(f"/* c */ ALTER VIEW d.v FORCE {action} DIALECT AS SELECT 1")
    assert (forced.action, forced.name, forced.force) == (action, ["d", "v"], True)


def test_dialects_and_views_are_dropped() -> None:
    assert parsed("ALTER VIEW d.v DROP DIALECT").action == "DROP DIALECT"
    assert parsed("DROP VIEW IF EXISTS spark_catalog.d.v;") == ViewStatement(
        "DROP VIEW", ["spark_catalog", "d", "v"], if_exists=True
    )


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1",
        "CREATE OR REPLACE VIEW v AS SELECT 1",
        "CREATE TABLE protected (multi string)",
        "ALTER VIEW v AS SELECT 1",
        "ALTER VIEW v RENAME TO w",
        "",
    ],
)
def test_other_statements_are_left_to_spark(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "CREATE PROTECTED MULTI DIALECT VIEW v AS SELECT 1",
        "CREATE PROTECTED MULTI DIALECT VIEW v SECURITY DEFINER",
        "CREATE PROTECTED MULTI DIALECT VIEW v (a b) SECURITY DEFINER AS SELECT 1",
        "ALTER VIEW v ADD DIALECT ATHENA AS SELECT 1",
        "ALTER VIEW v DROP DIALECT SPARK",
        "DROP VIEW v CASCADE",
    ],
)
def test_a_mistake_is_named_with_its_place(text: str) -> None:
    with pytest.raises(AnalysisException, match=r"PARSE_SYNTAX_ERROR.*expected"):
        parse(text)
