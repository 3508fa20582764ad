"""What the entity table asks for views of: its keys, in one scan, and its columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyspark.sql import SparkSession

from mydatahub_glue.failure import JobFailure
from mydatahub_glue.quoting import spark_identifier, spark_string
from mydatahub_glue.value_types import value_type
from mydatahub_glue.wanted_views import keys_by_entity


@dataclass(frozen=True)
class KeyFacts:
    """Of one key of one entity1. `first_seen` and `newest`: microseconds since 1970 of its oldest and youngest row.

    `not_cast`: type -> how many of its values are none of that type, of the types that were asked for.
    """

    rows: int
    first_seen: int
    newest: int
    not_cast: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class TableKeys:
    """Of one snapshot: entity1 -> its keys, and (entity1, key) -> what is known of it."""

    snapshot_id: int
    keys: Mapping[str, set[str]]
    facts: Mapping[tuple[str, str], KeyFacts]


def table_keys(
    spark: SparkSession, catalog: str, database: str, table: str, casts: Mapping[str, Iterable[str]] | None = None
) -> TableKeys:
    """The keys in the table's current snapshot. Raises JobFailure when it has no rows.

    `casts`: type -> the keys whose values are tried for it, in the same scan.
    """
    types = sorted(casts or {})
    counts = "".join(f", {_not_cast(of, (casts or {})[of])} AS c{number}" for number, of in enumerate(types))
    name = _name(catalog, database, table)
    main = spark.sql(f"SELECT snapshot_id FROM {name}.refs WHERE name = 'main'").collect()
    rows = []
    if main:
        snapshot = main[0]["snapshot_id"]
        rows = spark.sql(
            "SELECT entity1, `key`, COUNT(*) AS n, COALESCE(unix_micros(MIN(ingested_at)), 0) AS since, "
            f"COALESCE(unix_micros(MAX(ingested_at)), 0) AS newest{counts} FROM {name} VERSION AS OF {snapshot} "
            "WHERE entity1 IS NOT NULL AND `key` IS NOT NULL "
            "GROUP BY entity1, `key`"
        ).collect()
    if not rows:
        raise JobFailure(
            f"{catalog}.{database}.{table} has no rows, so there is no view to make. Most likely nothing "
            "was ingested yet. To cure it: npx mydatahub upload-data, then npx mydatahub run-ingestion."
        )
    facts = {
        (row["entity1"], row["key"]): KeyFacts(
            row["n"], row["since"], row["newest"], {of: row[f"c{number}"] for number, of in enumerate(types)}
        )
        for row in rows
    }
    return TableKeys(snapshot, keys_by_entity(facts), facts)


def table_columns(spark: SparkSession, catalog: str, database: str, table: str) -> list[str]:
    """Names and types of the table's columns, in order."""
    fields = spark.table(_name(catalog, database, table)).schema
    return [f"{field.name} {field.dataType.simpleString()}" for field in fields]


def _name(catalog: str, database: str, table: str) -> str:
    return ".".join(spark_identifier(part) for part in (catalog, database, table))


def _not_cast(of: str, keys: Iterable[str]) -> str:
    """Spark's SQL: the rows of these keys whose value is none of the type."""
    named = ", ".join(spark_string(key) for key in sorted(keys))
    return f"COUNT_IF(`key` IN ({named}) AND NOT {value_type(of).spark_accepts('value')})"
