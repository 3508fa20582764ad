"""What Spark reads from a view: its columns, its rows, its fingerprint, and on request the rows themselves."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mydatahub_glue.fingerprint import fingerprint_query, hashed_rows_query
from mydatahub_glue.quoting import spark_identifier
from mydatahub_glue.view_source import current_snapshot

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ROUNDS = 3


def read_view(spark: "SparkSession", database: str, view: str) -> dict[str, Any]:
    """{"columns": names in order, "rows": count, "fingerprint": "d1-d2"} of the view, as Spark reads it now."""
    name = f"{spark_identifier(database)}.{spark_identifier(view)}"
    columns = spark.table(name).columns
    rows, d1, d2 = spark.sql(fingerprint_query(name, columns)).collect()[0]
    return {"columns": columns, "rows": rows, "fingerprint": f"{d1}-{d2}"}


def read_rows(spark: "SparkSession", database: str, view: str, limit: int) -> dict[str, Any]:
    """{"columns": …, "rows": [{"hash", "values"}]}: the first `limit` rows in the order of their hash."""
    name = f"{spark_identifier(database)}.{spark_identifier(view)}"
    columns = spark.table(name).columns
    rows = spark.sql(hashed_rows_query(name, columns, limit)).collect()
    return {"columns": columns, "rows": [{"hash": row[0], "values": list(row[1:])} for row in rows]}


def verify_views(
    spark: "SparkSession", database: str, table: str, views: list[str], say: Callable[[str], None]
) -> dict[str, Any]:
    """All views at one snapshot of the entity table: {"snapshot_id", "views", "failed"}.

    Somebody may commit meanwhile: then it is done again, at most three times. Raises RuntimeError after that.
    """
    name = f"{database}.{table}"
    for _ in range(ROUNDS):
        snapshot = current_snapshot(spark, name)
        read: dict[str, Any] = {}
        failed: dict[str, str] = {}
        for view in views:
            try:
                read[view] = read_view(spark, database, view)
                say(f"{database}.{view}: {read[view]['rows']} rows, {len(read[view]['columns'])} columns")
            except Exception as error:
                failed[view] = str(error).split("\n\nJVM stacktrace")[0]
                say(f"{database}.{view}: FAILED: {failed[view]}")
        if current_snapshot(spark, name) == snapshot:
            return {"snapshot_id": snapshot, "views": read, "failed": failed}
        say("the table moved on while the views were read; reading them again")
    raise RuntimeError(
        f"{name} got new snapshots during each of {ROUNDS} readings\n"
        "  why:  other runs keep committing\n  cure: wait until they have ended and run this job again"
    )
