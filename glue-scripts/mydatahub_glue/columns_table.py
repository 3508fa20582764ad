"""The table `entity_columns`: which view and column holds which key, since when, and in how many rows."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from mydatahub_glue.loaded_table import LoadedTable
from mydatahub_glue.quoting import spark_string

COLUMNS_TABLE = "entity_columns"
_SCHEMA = "view_name STRING, column_name STRING, entity1 STRING, original_key STRING, first_seen TIMESTAMP, rows BIGINT"


@dataclass(frozen=True, order=True)
class ViewColumn:
    """`first_seen`: microseconds since 1970 of the ingestion that first brought the key, as far as is known."""

    view: str
    column: str
    entity1: str
    key: str
    first_seen: int
    rows: int


class ColumnsTable(LoadedTable):
    """`catalog`.`database`.entity_columns, stored under `location`."""

    def __init__(self, spark: SparkSession, catalog: str, database: str, location: str) -> None:
        super().__init__(spark, catalog, database, COLUMNS_TABLE)
        self._location = location

    def bring(self, columns: Iterable[ViewColumn], kept: Iterable[str]) -> bool:
        """Brings the table to `columns`; rows of the views `kept` stay as they are. Whether there was anything to do.

        A column that was there already keeps its `first_seen`, since a corrected file's rows are younger than its
        first ones.
        """
        self.create(
            f"({_SCHEMA}) USING iceberg LOCATION {spark_string(self._location)} TBLPROPERTIES ('format-version'='2')"
        )
        there = self._rows()
        seen = {(row.view, row.key): row.first_seen for row in there}
        wanted = {
            ViewColumn(
                c.view, c.column, c.entity1, c.key, min(c.first_seen, seen.get((c.view, c.key), c.first_seen)), c.rows
            )
            for c in columns
        }
        stay = set(kept)
        wanted |= {row for row in there if row.view in stay}
        if wanted == there:
            return False
        rows = [(r.view, r.column, r.entity1, r.key, r.first_seen, r.rows) for r in sorted(wanted)]
        frame = self.spark.createDataFrame(rows, _SCHEMA.replace("first_seen TIMESTAMP", "micros BIGINT")).coalesce(1)
        frame = frame.withColumn("first_seen", F.timestamp_micros("micros")).drop("micros")
        frame.writeTo(self.sql_name).overwrite(F.lit(True))
        return True

    def _rows(self) -> set[ViewColumn]:
        found = self.spark.sql(
            f"SELECT view_name, column_name, entity1, original_key, unix_micros(first_seen), rows FROM {self.sql_name}"
        ).collect()
        return {ViewColumn(*row) for row in found}
