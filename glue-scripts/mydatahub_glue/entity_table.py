"""The entity table: made if absent, and asked what it holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pyspark.sql import SparkSession

from mydatahub_glue.breach import SOURCE_COLUMNS
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.judgement import PROVENANCE_COLUMNS
from mydatahub_glue.loaded_table import EPOCH, LoadedTable, Snapshot
from mydatahub_glue.plan import IngestedContent
from mydatahub_glue.quoting import spark_identifier, spark_string

COLUMNS = (*SOURCE_COLUMNS, *PROVENANCE_COLUMNS)
MODE_PROPERTY = "mydatahub.mode"
ROW_GROUP_BYTES = 4 << 20
_ICEBERG_EXTENSIONS = "IcebergSparkSessionExtensions"


@dataclass(frozen=True)
class Ledger:
    """`times`: (source file, SHA-256) -> ingested_at of its rows (UTC)."""

    contents: tuple[IngestedContent, ...]
    times: Mapping[tuple[str, str], datetime]

    @property
    def rows(self) -> int:
        return sum(content.rows for content in self.contents)

    @property
    def next_time(self) -> datetime:
        """Younger than every row, also where another engine has rounded a file's bounds to milliseconds."""
        return max(self.times.values(), default=EPOCH) + timedelta(seconds=1)


class EntityTable(LoadedTable):
    """The entity table, stored under `location` (s3://...)."""

    def __init__(self, spark: SparkSession, catalog: str, database: str, table: str, location: str) -> None:
        super().__init__(spark, catalog, database, table)
        self._location = location

    def ensure(self, mode: str) -> None:
        """Makes the table if it is absent. Raises JobFailure when it has other columns."""
        columns = ", ".join(f"{name} {'TIMESTAMP' if name == 'ingested_at' else 'STRING'}" for name in COLUMNS)
        # Views filter on entity1. Full metrics on the ledger's columns let a correction find its files; merge-on-read
        # lets it write its own rows and where the old ones are, not all rows of the files that hold those. Rows are in
        # order of entity1, so that small row groups let a view pass over those of other values, and let more than one
        # reader have a share in one file (docs/ingestion.md).
        self.create(
            f"({columns}) USING iceberg "
            f"PARTITIONED BY (bucket(16, entity1)) LOCATION {spark_string(self._location)} "
            f"TBLPROPERTIES ('format-version'='2', '{MODE_PROPERTY}'={spark_string(mode)}, "
            "'write.metadata.metrics.column.source_file'='full', 'write.metadata.metrics.column.source_sha256'='full', "
            f"'write.parquet.row-group-size-bytes'='{ROW_GROUP_BYTES}', "
            "'write.merge.mode'='merge-on-read', 'write.delete.mode'='merge-on-read')"
        )
        found = self.columns()
        if found[: len(COLUMNS)] != COLUMNS:
            raise JobFailure(
                f"{self.name} has the columns {', '.join(found)}; this job writes {', '.join(COLUMNS)}. Most likely "
                "the table was made by another tool. To cure it: rename that table, or pass another --table."
            )
        if (
            _ICEBERG_EXTENSIONS in (self.spark.conf.get("spark.sql.extensions", "") or "")
            and "sort-order" not in self.properties()
        ):
            # Not a range over the whole table: Spark would read every file twice to find the ranges.
            self.spark.sql(
                f"ALTER TABLE {self.sql_name} WRITE DISTRIBUTED BY PARTITION "
                "LOCALLY ORDERED BY entity1, entity2, entity3, entity4, key"
            )

    def mode(self) -> str:
        """The ingestion mode that the table was last written in."""
        return self.properties().get(MODE_PROPERTY, "sync")

    def set_mode(self, mode: str) -> None:
        self.spark.sql(f"ALTER TABLE {self.sql_name} SET TBLPROPERTIES ('{MODE_PROPERTY}'={spark_string(mode)})")

    def add_columns(self, names: Iterable[str]) -> None:
        """Widens the table by the columns that it does not have yet, in the order given, as texts."""
        there = self.columns()
        missing = [name for name in names if name not in there]
        if missing:
            added = ", ".join(f"{spark_identifier(name)} STRING" for name in missing)
            self.spark.sql(f"ALTER TABLE {self.sql_name} ADD COLUMNS ({added})")

    def ledger(self, at: Snapshot | None) -> Ledger:
        """What the rows of one snapshot say of where they came from."""
        if at is None:
            return Ledger((), {})
        rows = self.spark.sql(
            "SELECT source_file, source_sha256, COUNT(*) AS n, unix_micros(MAX(ingested_at)) AS youngest "
            f"FROM {self.sql_name} VERSION AS OF {at.id} GROUP BY source_file, source_sha256"
        ).collect()
        contents = tuple(IngestedContent(row["source_file"], row["source_sha256"], row["n"]) for row in rows)
        return Ledger(contents, {(row["source_file"], row["source_sha256"]): _time(row["youngest"]) for row in rows})

    def roll_back(self, target: Snapshot) -> None:
        """Makes an earlier snapshot of the line the current one. Iceberg refuses one that is not on it."""
        database, table = self.name.split(".")[-2:]
        self.spark.sql(
            f"CALL {spark_identifier(self.catalog)}.system.rollback_to_snapshot("
            f"table => {spark_string(f'{database}.{table}')}, snapshot_id => {target.id})"
        )
        self.refresh()


def _time(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)
