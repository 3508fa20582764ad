"""One change of the entity table in one Iceberg commit, and the certainty whether it was made."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from mydatahub_glue.commit_properties import with_commit_properties
from mydatahub_glue.entity_table import EntityTable, Ledger
from mydatahub_glue.failure import JobFailure, stop_in
from mydatahub_glue.loaded_table import EPOCH, PROPERTY_PREFIX, Snapshot
from mydatahub_glue.log import say
from mydatahub_glue.plan import IngestionPlan
from mydatahub_glue.quoting import spark_identifier, spark_string

_CONFLICTS = (
    "Found conflicting files",
    "Found new conflicting delete files",
    "Missing required files to delete",
    "Cannot commit, missing data files",
    "CommitFailedException",
)
COMMIT_ID = "commit-id"


class Conflict(Exception):
    """Somebody else changed the table since it was loaded, in a way that this change does not bear."""


@dataclass(frozen=True)
class Change:
    """`rows`: what to add, with all columns of the table; None for nothing. `plan` says what goes."""

    plan: IngestionPlan
    rows: DataFrame | None
    properties: Mapping[str, str]


def commit(table: EntityTable, before: Snapshot | None, ledger: Ledger, change: Change) -> Snapshot:
    """Makes the change on top of `before`, as the table was last refreshed, and returns its snapshot.

    Raises Conflict when somebody else's commit is in the way, JobFailure when it cannot be known whether the commit
    was made. An error of the commit is never taken at its word: the table is asked whether it has this commit, by
    an id that no other has.
    """
    commit_id = str(uuid.uuid4())
    properties = {**change.properties, COMMIT_ID: commit_id}
    try:
        if not change.plan.deleted:
            _insert(table, before, ledger, change, properties)
        elif set(change.plan.deleted) == set(ledger.contents):
            _replace_all(table, before, change, properties)
        else:
            _merge(table, ledger, change, properties)
    except Exception as error:
        stopped = stop_in(error)
        if stopped is not None:
            raise stopped from error
        made = _made_after(error, table, commit_id)
        if made is None:
            if any(conflict in str(error) for conflict in _CONFLICTS):
                raise Conflict(str(error)) from error
            raise
        say("The answer to the commit was lost; the table has it")
        return made
    table.refresh()
    made = _find(table, commit_id)
    if made is None:
        raise JobFailure(
            f"{table.name} does not have the commit {commit_id} although Spark reported it. Most likely somebody "
            "rolled the table back at the same moment. To cure it: run the ingestion again; it asks the table first."
        )
    return made


def _made_after(error: Exception, table: EntityTable, commit_id: str) -> Snapshot | None:
    try:
        table.refresh()
        return _find(table, commit_id)
    except Exception as blind:
        raise JobFailure(
            f"it is not known whether {table.name} has the commit {commit_id}: the commit ended with {_short(error)}, "
            f"and the table could not be read afterwards ({_short(blind)}). Most likely the Data Catalog or S3 could "
            "not be reached. To cure it: run the ingestion again; it looks at the table first and takes only what is "
            "missing."
        ) from error


def _short(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0][:300]


def _find(table: EntityTable, commit_id: str) -> Snapshot | None:
    return next((s for s in table.line() if s.properties.get(COMMIT_ID) == commit_id), None)


def _insert(
    table: EntityTable, before: Snapshot | None, ledger: Ledger, change: Change, properties: Mapping[str, str]
) -> None:
    """Adds the rows.

    It replaces what is as young or younger, which is nothing: but so Iceberg refuses the commit when another run has
    committed since `before`, instead of doubling the rows.
    """
    _overwrite(table, before, change, properties, F.col("ingested_at") >= F.timestamp_micros(F.lit(_micros(ledger))))


def _replace_all(table: EntityTable, before: Snapshot | None, change: Change, properties: Mapping[str, str]) -> None:
    _overwrite(table, before, change, properties, F.lit(True))


def _overwrite(
    table: EntityTable,
    before: Snapshot | None,
    change: Change,
    properties: Mapping[str, str],
    condition: Column,
) -> None:
    rows = change.rows
    if rows is None:
        rows = table.spark.table(table.sql_name).limit(0)
    writer = rows.writeTo(table.sql_name).option("isolation-level", "serializable")
    if before is not None:
        writer = writer.option("validate-from-snapshot-id", str(before.id))
    for name, text in properties.items():
        writer = writer.option(f"snapshot-property.{PROPERTY_PREFIX}{name}", text)
    writer.overwrite(condition)


def _merge(table: EntityTable, ledger: Ledger, change: Change, properties: Mapping[str, str]) -> None:
    """Deletes the rows of the contents that go and adds the new ones.

    What is as young or younger than this run is searched too, in vain: but so Iceberg takes any other run's commit
    for a conflict.
    """
    spark, deleted = table.spark, change.plan.deleted
    schema = spark.table(table.sql_name).schema
    columns = [spark_identifier(name) for name in schema.names]
    typed = [f"{name} {field.dataType.simpleString()}" for name, field in zip(columns, schema, strict=True)]
    old = [(None,) * len(columns) + (content.source_file, content.sha256) for content in deleted]
    source = spark.createDataFrame(old, ", ".join([*typed, "old_file STRING", "old_sha256 STRING"]))
    if change.rows is not None:
        # Rows to insert match nothing (a digest is never empty) and are spread over the join's partitions.
        spread = F.xxhash64(*columns).cast("string")
        source = source.unionByName(change.rows.withColumn("old_file", spread).withColumn("old_sha256", F.lit("")))
    source.createOrReplaceTempView("mydatahub_incoming")
    files = ", ".join(sorted({spark_string(content.source_file) for content in deleted}))
    merge = (
        f"MERGE INTO {table.sql_name} t USING mydatahub_incoming s ON t.source_file = s.old_file "
        f"AND t.source_sha256 = s.old_sha256 "
        f"AND (t.source_file IN ({files}) OR t.ingested_at >= timestamp_micros({_micros(ledger)})) "
        f"WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND s.old_sha256 = '' THEN INSERT ({', '.join(columns)}) "
        f"VALUES ({', '.join('s.' + column for column in columns)})"
    )
    named = {PROPERTY_PREFIX + name: text for name, text in properties.items()}
    try:
        with_commit_properties(spark, named, lambda: _run(table, merge))
    finally:
        spark.catalog.dropTempView("mydatahub_incoming")


def _run(table: EntityTable, statement: str) -> None:
    table.spark.sql(statement)


def _micros(ledger: Ledger) -> int:
    return (ledger.next_time - EPOCH) // timedelta(microseconds=1)
