"""The table `<table>_ingests`: which file with which content came when, with how many rows, in which snapshot.

It is derived from the rows of the entity table and brought up to them after each commit, so a run that dies in between
leaves nothing that the next one does not mend.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from mydatahub_glue.entity_table import EntityTable, Ledger
from mydatahub_glue.loaded_table import EPOCH, PROPERTY_PREFIX, LoadedTable, Snapshot
from mydatahub_glue.log import say
from mydatahub_glue.quoting import spark_string

_ATTEMPTS = 3
_OF_SNAPSHOT = "of-snapshot"
_TABLE_PROPERTIES = "TBLPROPERTIES ('format-version'='2')"
_SCHEMA = "source_file STRING, source_sha256 STRING, rows BIGINT, snapshot_id BIGINT, ingested_at TIMESTAMP"


@dataclass(frozen=True)
class Ingest:
    """`snapshot_id` is None when the snapshot is not known any more."""

    source_file: str
    sha256: str
    rows: int
    snapshot_id: int | None
    ingested_at: datetime


def ingests_of(ledger: Ledger, line: Iterable[Snapshot]) -> list[Ingest]:
    """The ingests that the rows of the table tell of. `line`: the snapshots that are known."""
    by_time = {datetime.fromisoformat(s.properties["ingested-at"]): s.id for s in line if "ingested-at" in s.properties}
    return [
        Ingest(c.source_file, c.sha256, c.rows, by_time.get(time), time)
        for c in sorted(ledger.contents)
        for time in [ledger.times[c.source_file, c.sha256]]
    ]


class IngestsTable(LoadedTable):
    """The ingests of the entity table `entity`, beside it in the same database."""

    def __init__(self, spark: SparkSession, entity: EntityTable, names: tuple[str, str, str], location: str) -> None:
        super().__init__(spark, *names)
        self._entity = entity
        self._location = location

    def reconcile(self, at: Snapshot, ledger: Callable[[], Ledger]) -> bool:
        """Brings the table to what the entity table's snapshot `at` holds; whether there was anything to do."""
        self.create(f"({_SCHEMA}) USING iceberg LOCATION {spark_string(self._location)} {_TABLE_PROPERTIES}")
        for _ in range(_ATTEMPTS):
            now = self.snapshot()
            if now and now.properties.get(_OF_SNAPSHOT) == str(at.id):
                return False
            try:
                self._write(at, ledger(), now)
                return True
            except Exception as error:
                if "conflicting" not in str(error):
                    raise
            say(f"{self.name} was written by another run; looking again")
            self.refresh()
        say(f"{self.name} was left as the other runs wrote it; the next run brings it up to date")
        return False

    def _write(self, at: Snapshot, ledger: Ledger, before: Snapshot | None) -> None:
        known = {
            (row["source_file"], row["source_sha256"], row["at"]): row["snapshot_id"]
            for row in self.spark.sql(
                f"SELECT source_file, source_sha256, snapshot_id, unix_micros(ingested_at) AS at FROM {self.sql_name}"
            ).collect()
        }
        rows = []
        for ingest in ingests_of(ledger, self._entity.line()):
            micros = _micros(ingest.ingested_at)
            # A snapshot that has expired since is still the one that brought the rows.
            snapshot = ingest.snapshot_id or known.get((ingest.source_file, ingest.sha256, micros))
            rows.append((ingest.source_file, ingest.sha256, ingest.rows, snapshot, micros))
        flat = _SCHEMA.replace("ingested_at TIMESTAMP", "micros BIGINT")
        frame = self.spark.createDataFrame(rows, flat).coalesce(1)
        frame = frame.withColumn("ingested_at", F.timestamp_micros("micros")).drop("micros")
        writer = frame.writeTo(self.sql_name).option("isolation-level", "serializable")
        if before is not None:
            writer = writer.option("validate-from-snapshot-id", str(before.id))
        writer.option(f"snapshot-property.{PROPERTY_PREFIX}{_OF_SNAPSHOT}", str(at.id)).overwrite(F.lit(True))


def _micros(time: datetime) -> int:
    since = time - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
