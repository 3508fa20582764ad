"""An Iceberg table as it was when it was last refreshed: its history and shape, without a Spark job."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from pyspark.sql import SparkSession

from mydatahub_glue.pinned_catalog import pinned_catalog
from mydatahub_glue.quoting import spark_identifier

PROPERTY_PREFIX = "mydatahub."
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Snapshot:
    """Row counts from the commit's summary; `properties` are ours in it, without their prefix.

    `deleted_rows`: in files that went, and marked by position in files that stay.
    """

    id: int
    parent_id: int | None
    committed_at: datetime
    added_rows: int
    deleted_rows: int
    total_rows: int
    properties: Mapping[str, str]


class LoadedTable:
    """`catalog`.`database`.`table`. All that is asked of it between two refreshes is of one moment."""

    def __init__(self, spark: SparkSession, catalog: str, database: str, table: str) -> None:
        self.spark = spark
        self.name = f"{catalog}.{database}.{table}"
        self.catalog = pinned_catalog(spark, catalog)
        self.sql_name = ".".join(spark_identifier(part) for part in (self.catalog, database, table))

    def create(self, definition: str) -> None:
        """CREATE TABLE with this definition unless there is one; another run may do so at the same moment."""
        try:
            self.spark.sql(f"CREATE TABLE IF NOT EXISTS {self.sql_name} {definition}")
        except Exception as error:
            if "AlreadyExists" not in str(error) and "already exists" not in str(error):
                raise
        self.refresh()

    def refresh(self) -> None:
        """Loads the table anew."""
        self.spark.sql(f"REFRESH TABLE {self.sql_name}")

    def properties(self) -> dict[str, str]:
        return dict(self._table().properties())

    def columns(self) -> tuple[str, ...]:
        return tuple(field.name() for field in self._table().schema().columns())

    def metadata_location(self) -> str:
        """The s3:// address of the metadata file that the table was loaded from."""
        return str(self._table().operations().current().metadataFileLocation())

    def snapshot(self) -> Snapshot | None:
        """The current snapshot; None while nothing was ever committed."""
        line = self.line()
        return line[0] if line else None

    def line(self) -> list[Snapshot]:
        """The snapshots that led to the table's state, newest first, as far as they are not expired."""
        table = self._table()
        line: list[Snapshot] = []
        at = table.currentSnapshot()
        while at is not None:
            line.append(_snapshot(at))
            at = None if at.parentId() is None else table.snapshot(at.parentId())
        return line

    def _table(self) -> Any:
        java: Any = self.spark
        util = java._jvm.org.apache.iceberg.spark.Spark3Util
        return util.loadIcebergTable(java._jsparkSession, self.sql_name)


def _snapshot(found: Any) -> Snapshot:
    summary = dict(found.summary())
    own = {key.removeprefix(PROPERTY_PREFIX): text for key, text in summary.items() if key.startswith(PROPERTY_PREFIX)}
    count = {name: int(text) for name, text in summary.items() if name.endswith(("-records", "-position-deletes"))}
    # Marks that a file has already are written again with the new ones.
    marked = count.get("added-position-deletes", 0) - count.get("removed-position-deletes", 0)
    deleted = count.get("deleted-records", 0) + marked
    total = int(own.get("rows-total", count.get("total-records", 0) - count.get("total-position-deletes", 0)))
    committed_at = EPOCH + timedelta(milliseconds=found.timestampMillis())
    added = count.get("added-records", 0)
    return Snapshot(found.snapshotId(), found.parentId(), committed_at, added, deleted, total, own)
