"""What the entity table asks for views of: its keys, in one scan, and its columns."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import SparkSession

from mydatahub_glue.failure import JobFailure
from mydatahub_glue.quoting import spark_identifier
from mydatahub_glue.wanted_views import keys_by_entity


@dataclass(frozen=True)
class KeyFacts:
    """Of one key of one entity1. `first_seen`: microseconds since 1970 of the oldest of its rows."""

    rows: int
    first_seen: int


@dataclass(frozen=True)
class TableKeys:
    """Of one snapshot: entity1 -> its keys, and (entity1, key) -> what is known of it."""

    snapshot_id: int
    keys: Mapping[str, set[str]]
    facts: Mapping[tuple[str, str], KeyFacts]


def table_keys(spark: SparkSession, catalog: str, database: str, table: str) -> TableKeys:
    """The keys in the table's current snapshot. Raises JobFailure when it has no rows."""
    name = _name(catalog, database, table)
    main = spark.sql(f"SELECT snapshot_id FROM {name}.refs WHERE name = 'main'").collect()
    rows = []
    if main:
        snapshot = main[0]["snapshot_id"]
        rows = spark.sql(
            "SELECT entity1, `key`, COUNT(*) AS n, COALESCE(unix_micros(MIN(ingested_at)), 0) AS since "
            f"FROM {name} VERSION AS OF {snapshot} WHERE entity1 IS NOT NULL AND `key` IS NOT NULL "
            "GROUP BY entity1, `key`"
        ).collect()
    if not rows:
        raise JobFailure(
            f"{catalog}.{database}.{table} has no rows, so there is no view to make. Most likely nothing "
            "was ingested yet. To cure it: mydatahub upload-data, then mydatahub run-ingestion."
        )
    facts = {(row["entity1"], row["key"]): KeyFacts(row["n"], row["since"]) for row in rows}
    return TableKeys(snapshot, keys_by_entity(facts), facts)


def table_columns(spark: SparkSession, catalog: str, database: str, table: str) -> list[str]:
    """Names and types of the table's columns, in order."""
    fields = spark.table(_name(catalog, database, table)).schema
    return [f"{field.name} {field.dataType.simpleString()}" for field in fields]


def _name(catalog: str, database: str, table: str) -> str:
    return ".".join(spark_identifier(part) for part in (catalog, database, table))
