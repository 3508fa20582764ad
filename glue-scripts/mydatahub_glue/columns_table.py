"""The table `entity_columns`: what each column of a view is made of, since when it is there, and in how many rows."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from mydatahub_glue.loaded_table import LoadedTable
from mydatahub_glue.quoting import spark_string

COLUMNS_TABLE = "entity_columns"
_SCHEMA = (
    "view_name STRING, column_name STRING, entity1 STRING, original_key STRING, first_seen TIMESTAMP, rows BIGINT, "
)
# Later than the table itself: a lake of an earlier version has it without them.
_ADDED = {"type": "STRING", "not_cast": "BIGINT", "comment": "STRING"}


@dataclass(frozen=True, order=True)
class ViewColumn:
    """Of a key: `rows` of the entity table that have it, and `first_seen`, microseconds since 1970 of the ingestion
    that first brought it, as far as is known. An extra column of views.yml has no `key`: `rows` of the view that have
    a value of it (None where they could not be counted), and when it was published first.

    `not_cast`: how many of these rows have a value that is none of its type, and so NULL; None where every text is one.
    """

    view: str
    column: str
    entity1: str
    key: str | None
    first_seen: int
    rows: int | None
    type: str = "string"
    not_cast: int | None = None
    comment: str = ""

    @property
    def made_of(self) -> tuple[str, str, bool]:
        """What it is, whatever name it has: its view with its key or, of an extra column, its name."""
        return (self.view, self.column, True) if self.key is None else (self.view, self.key, False)


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
        schema = _SCHEMA + ", ".join(f"{name} {of}" for name, of in _ADDED.items())
        self.create(
            f"({schema}) USING iceberg LOCATION {spark_string(self._location)} TBLPROPERTIES ('format-version'='2')"
        )
        missing = [f"{name} {of}" for name, of in _ADDED.items() if name not in self.columns()]
        if missing:
            self.spark.sql(f"ALTER TABLE {self.sql_name} ADD COLUMNS ({', '.join(missing)})")
        there = self._rows()
        seen = {row.made_of: row.first_seen for row in there}
        wanted = {
            replace(column, first_seen=min(column.first_seen, seen.get(column.made_of, column.first_seen)))
            for column in columns
        }
        stay = set(kept)
        wanted |= {row for row in there if row.view in stay}
        if wanted == there:
            return False
        rows = [astuple(column) for column in sorted(wanted)]
        frame = self.spark.createDataFrame(rows, schema.replace("first_seen TIMESTAMP", "micros BIGINT")).coalesce(1)
        frame = frame.withColumn("first_seen", F.timestamp_micros("micros")).drop("micros")
        frame.writeTo(self.sql_name).overwrite(F.lit(True))
        return True

    def _rows(self) -> set[ViewColumn]:
        found = self.spark.sql(
            "SELECT view_name, column_name, entity1, original_key, unix_micros(first_seen), rows, "
            f"COALESCE(type, 'string'), not_cast, COALESCE(comment, '') FROM {self.sql_name}"
        ).collect()
        return {ViewColumn(*row) for row in found}
