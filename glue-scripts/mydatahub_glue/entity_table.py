"""The entity table: made if absent, asked what it holds, and changed by at most one commit a run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from mydatahub_glue.breach import SOURCE_COLUMNS
from mydatahub_glue.commit_properties import with_commit_properties
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.plan import IngestedContent
from mydatahub_glue.quoting import spark_identifier, spark_string
from mydatahub_glue.source_tasks import PROVENANCE_COLUMNS

COLUMNS = (*SOURCE_COLUMNS, *PROVENANCE_COLUMNS)
PROPERTY_PREFIX = "mydatahub."
_ICEBERG_EXTENSIONS = "IcebergSparkSessionExtensions"
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Snapshot:
    """Row counts as Iceberg's own commit summary gives them."""

    id: int
    parent_id: int | None
    added_rows: int
    deleted_rows: int


@dataclass(frozen=True)
class Ledger:
    """`youngest`: the greatest ingested_at (UTC); the epoch for an empty table."""

    contents: tuple[IngestedContent, ...]
    youngest: datetime

    @property
    def next_time(self) -> datetime:
        """Younger than every row, also where another engine has rounded a file's bounds to milliseconds."""
        return self.youngest + timedelta(seconds=1)


class EntityTable:
    """`catalog`.`database`.`table`, stored under `location` (s3://...)."""

    def __init__(self, spark: SparkSession, catalog: str, database: str, table: str, location: str) -> None:
        self._spark = spark
        self.name = f"{catalog}.{database}.{table}"
        self.sql_name = ".".join(spark_identifier(part) for part in (catalog, database, table))
        self._location = location

    def ensure(self) -> None:
        """Makes the table if it is absent. Raises JobFailure when it has other columns."""
        columns = ", ".join(f"{name} {'TIMESTAMP' if name == 'ingested_at' else 'STRING'}" for name in COLUMNS)
        # Views filter on entity1. Full metrics on the ledger's columns let a correction find its files.
        self._spark.sql(
            f"CREATE TABLE IF NOT EXISTS {self.sql_name} ({columns}) USING iceberg "
            f"PARTITIONED BY (bucket(16, entity1)) LOCATION {spark_string(self._location)} "
            "TBLPROPERTIES ('format-version'='2', "
            "'write.metadata.metrics.column.source_file'='full', 'write.metadata.metrics.column.source_sha256'='full')"
        )
        self._spark.catalog.refreshTable(self.sql_name)
        found = tuple(self._spark.table(self.sql_name).columns)
        if found != COLUMNS:
            raise JobFailure(
                f"{self.name} has the columns {', '.join(found)}; this job writes {', '.join(COLUMNS)}. Most likely "
                "the table was made by another tool. To cure it: rename that table, or pass another --table."
            )
        if _ICEBERG_EXTENSIONS in (self._spark.conf.get("spark.sql.extensions", "") or "") and not self._is_ordered():
            # Not a range over the whole table: Spark would read every file twice to find the ranges.
            self._spark.sql(
                f"ALTER TABLE {self.sql_name} WRITE DISTRIBUTED BY PARTITION "
                "LOCALLY ORDERED BY entity1, entity2, entity3, entity4, key"
            )

    def _is_ordered(self) -> bool:
        properties = {row["key"] for row in self._spark.sql(f"SHOW TBLPROPERTIES {self.sql_name}").collect()}
        return "sort-order" in properties

    def snapshot(self) -> Snapshot | None:
        """The current snapshot; None while nothing was ever committed."""
        rows = self._spark.sql(
            f"SELECT s.snapshot_id, s.parent_id, s.summary FROM {self.sql_name}.snapshots s "
            f"JOIN {self.sql_name}.refs r ON r.snapshot_id = s.snapshot_id WHERE r.name = 'main'"
        ).collect()
        if not rows:
            return None
        summary = rows[0]["summary"]
        return Snapshot(
            rows[0]["snapshot_id"],
            rows[0]["parent_id"],
            int(summary.get("added-records", 0)),
            int(summary.get("deleted-records", 0)),
        )

    def ledger(self, at: Snapshot | None) -> Ledger:
        """What the rows of one snapshot say of where they came from."""
        if at is None:
            return Ledger((), _EPOCH)
        rows = self._spark.sql(
            "SELECT source_file, source_sha256, COUNT(*) AS n, unix_micros(MAX(ingested_at)) AS youngest "
            f"FROM {self.sql_name} VERSION AS OF {at.id} GROUP BY source_file, source_sha256"
        ).collect()
        contents = tuple(IngestedContent(row["source_file"], row["source_sha256"], row["n"]) for row in rows)
        return Ledger(contents, max((_time(row["youngest"]) for row in rows), default=_EPOCH))

    def insert(self, rows: DataFrame, read_at: Snapshot | None, ledger: Ledger, properties: Mapping[str, str]) -> None:
        """Adds the rows in one commit, which is refused if anything was committed since `read_at`.

        It is written as "replace the rows of `ledger.next_time` and later". The table that was read has none, so
        nothing is deleted; a commit that came between has some, so Iceberg's serializable isolation refuses ours
        instead of doubling the rows.
        """
        micros = (ledger.next_time - _EPOCH) // timedelta(microseconds=1)
        writer = rows.writeTo(self.sql_name).option("isolation-level", "serializable")
        if read_at is not None:
            writer = writer.option("validate-from-snapshot-id", str(read_at.id))
        for name, value in properties.items():
            writer = writer.option(f"snapshot-property.{PROPERTY_PREFIX}{name}", value)
        writer.overwrite(F.col("ingested_at") >= F.timestamp_micros(F.lit(micros)))

    def insert_and_delete(
        self, rows: DataFrame | None, superseded: Iterable[IngestedContent], properties: Mapping[str, str]
    ) -> None:
        """Deletes the rows of the superseded contents and adds `rows`, in one commit."""
        superseded = list(superseded)
        old = [(None,) * len(COLUMNS) + (c.source_file, c.sha256) for c in superseded]
        target = self._spark.table(self.sql_name).schema
        schema = ", ".join(
            [*(f"{f.name} {f.dataType.simpleString()}" for f in target), "old_file STRING", "old_sha256 STRING"]
        )
        source = self._spark.createDataFrame(old, schema)
        if rows is not None:
            # Rows to insert match nothing (a digest is never empty) and are spread over the join's partitions.
            spread = F.xxhash64(*COLUMNS).cast("string")
            source = source.unionByName(rows.withColumn("old_file", spread).withColumn("old_sha256", F.lit("")))
        source.createOrReplaceTempView("mydatahub_incoming")
        files = ", ".join(spark_string(c.source_file) for c in superseded)
        merge = (
            f"MERGE INTO {self.sql_name} t USING mydatahub_incoming s ON t.source_file = s.old_file "
            f"AND t.source_sha256 = s.old_sha256 AND t.source_file IN ({files}) WHEN MATCHED THEN DELETE "
            f"WHEN NOT MATCHED AND s.old_sha256 = '' THEN INSERT ({', '.join(COLUMNS)}) "
            f"VALUES ({', '.join('s.' + c for c in COLUMNS)})"
        )
        named = {PROPERTY_PREFIX + name: value for name, value in properties.items()}
        try:
            with_commit_properties(self._spark, named, lambda: _run(self._spark, merge))
        finally:
            self._spark.catalog.dropTempView("mydatahub_incoming")


def _run(spark: SparkSession, statement: str) -> None:
    spark.sql(statement)


def _time(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
