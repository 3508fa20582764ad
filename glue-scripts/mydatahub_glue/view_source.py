"""What the views are made from: the current snapshot of the entity table, and its entity1 values and keys."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def current_snapshot(spark: "SparkSession", table: str) -> str | None:
    """Id of the snapshot that readers see now (a 64-bit number as text), None before the first commit.

    `refs` is one of the metadata tables that fine-grained access control allows.
    https://docs.aws.amazon.com/glue/latest/dg/security-lf-enable-considerations.html
    """
    rows = spark.sql(f"SELECT snapshot_id FROM {table}.refs WHERE name = 'main'").collect()
    return str(rows[0][0]) if rows else None


def keys_by_entity1(spark: "SparkSession", table: str, snapshot: str | None) -> dict[str, set[str]]:
    """The keys of every entity1 at that snapshot, by one scan of two columns."""
    if snapshot is None:
        return {}
    keys: dict[str, set[str]] = {}
    rows = spark.sql(f"SELECT DISTINCT entity1, key FROM {table} VERSION AS OF {snapshot}").toLocalIterator()
    for entity1, key in rows:
        keys.setdefault(entity1, set()).add(key)
    return keys
