"""The ingestion: source files under `raw-data/` into the entity table, every content exactly once."""

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from pyspark.sql import DataFrame, SparkSession

from mydatahub_glue.entity_table import EntityTable, Ledger
from mydatahub_glue.failure import JobFailure, stop_in
from mydatahub_glue.holds import Holds, pointless
from mydatahub_glue.ingested_state import Seen, ingested_content, known_files, write_ingested
from mydatahub_glue.ingestion_rules import refuse_loss, refuse_mode
from mydatahub_glue.ingestion_settings import IngestionSettings, RunRequest
from mydatahub_glue.ingests_table import IngestsTable
from mydatahub_glue.loaded_table import Snapshot
from mydatahub_glue.log import counted, say
from mydatahub_glue.plan import Asked, IngestionPlan, KnownFile, plan_ingestion
from mydatahub_glue.quarantine import Quarantine
from mydatahub_glue.rollback import roll_back
from mydatahub_glue.run_report import say_plan, snapshot_properties
from mydatahub_glue.source_object import Listing, SourceObject, list_source_objects
from mydatahub_glue.source_problems import broken_files, refusal
from mydatahub_glue.source_tasks import check_objects, columns_of_files, source_rows
from mydatahub_glue.state import StateObject, read_state
from mydatahub_glue.table_commit import Change, Conflict, commit
from mydatahub_glue.table_grants import LakeFormation, TableGrants

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Runs that may come between this one's look at the table and its commit before it gives up.
_ATTEMPTS = 5


@dataclass(frozen=True)
class IngestionJob:
    """Arguments of the job. Prefixes end in `/`; `run_id` is Glue's, or empty."""

    bucket: str
    raw_prefix: str
    state_prefix: str
    iceberg_prefix: str
    quarantine_prefix: str
    catalog: str
    database: str
    table: str
    run_id: str
    settings: IngestionSettings
    request: RunRequest


@dataclass(frozen=True)
class IngestionResult:
    """`snapshot_id` is the table's at the end; `committed` tells whether this run changed the table."""

    plan: IngestionPlan
    snapshot_id: int | None
    committed: bool


class Ingestion:
    """One run over one lake."""

    def __init__(self, spark: SparkSession, job: IngestionJob, s3: "S3Client", lakeformation: LakeFormation) -> None:
        self._spark = spark
        self._job = job
        self._s3 = s3
        self._lakeformation = lakeformation
        self._merge = job.settings.additional_columns == "merge"
        location = f"s3://{job.bucket}/{job.iceberg_prefix}{job.database}/{job.table}"
        self._table = EntityTable(spark, job.catalog, job.database, job.table, location)
        names = (job.catalog, job.database, f"{job.table}_ingests")
        self._ingests = IngestsTable(spark, self._table, names, f"{location}_ingests")

    def run(self) -> IngestionResult:
        """Raises JobFailure, with nothing committed, when a file breaks the contract or changes meanwhile."""
        job = self._job
        listing = list_source_objects(self._s3, job.bucket, job.raw_prefix)
        say(f"Found {counted(len(listing.objects), 'source file')} under s3://{job.bucket}/{job.raw_prefix}")
        for key in listing.ignored:
            say(f"Ignored s3://{job.bucket}/{key}: its name does not end in .csv")
        ingested, manifest = self._state("ingested.json"), self._state("manifest.json")
        seen, unknown = known_files(listing.objects, ingested, manifest, job.settings)
        holds = Holds(self._s3, job.bucket, job.state_prefix)
        if job.request.rollback_to:
            self._ensure()
            current = {file.source.path: file.sha256 for file in seen.known}
            table_changed = roll_back(self._table, job.request.rollback_to, current, holds)
            return self._finish(seen, self._plan(seen, listing, manifest, holds, self._look()[1]), table_changed)

        seen = self._checked(seen, unknown)
        self._ensure()
        for _ in range(_ATTEMPTS):
            before, ledger = self._look()
            plan = self._plan(seen, listing, manifest, holds, ledger)
            try:
                result = self._bring(seen, plan, before, ledger, _confirmed(manifest))
                holds.end(pointless(holds.keys, ledger.contents, {source.path for source in listing.objects}))
                return result
            except Conflict:
                say(f"Somebody else committed to {self._table.name} while this run read its files; looking again")
        raise JobFailure(
            f"other commits to {self._table.name} came first {_ATTEMPTS} times, so nothing of this run was committed. "
            "Most likely several ingestions run at once. To cure it: run the ingestion again when they have ended."
        )

    def _ensure(self) -> None:
        job = self._job
        self._table.ensure(job.settings.mode)
        TableGrants(self._lakeformation, job.database, job.table).settle(self._s3, job.bucket, job.state_prefix)

    def _state(self, name: str) -> StateObject:
        return read_state(self._s3, self._job.bucket, f"{self._job.state_prefix}{name}")

    def _look(self) -> tuple[Snapshot | None, Ledger]:
        self._table.refresh()
        snapshot = self._table.snapshot()
        return snapshot, self._table.ledger(snapshot)

    def _checked(self, seen: Seen, unknown: list[SourceObject]) -> Seen:
        """The files that upload-data did not send, read through the contract."""
        if not unknown:
            return seen
        job = self._job
        say(f"Checking {counted(len(unknown), 'source file')} that upload-data did not send")
        try:
            known, broken = check_objects(self._spark, job.bucket, unknown, self._merge)
            wrong = broken_files(self._spark, job.bucket, broken, self._merge) if broken else []
        except Exception as error:
            raise stop_in(error) or error from error
        for file in wrong:
            for breach in file.named:
                say(f"Broken {breach.at(file.source.path)}")
            if file.more:
                say(f"Broken {file.source.path}: {file.more} more problems")
        if wrong and job.settings.bad_files == "refuse":
            raise JobFailure(refusal(wrong))
        quarantine = Quarantine(self._s3, job.bucket, job.quarantine_prefix)
        for file in wrong:
            quarantine.take(file)
        return Seen((*seen.known, *known), (*seen.quarantined, *broken))

    def _plan(self, seen: Seen, listing: Listing, manifest: StateObject, holds: Holds, ledger: Ledger) -> IngestionPlan:
        settings = self._job.settings
        removed: set[str] = set()
        if settings.removed_files == "remove":
            removed = {entry["path"] for entry in (manifest.content or {}).get("removed", [])}
            removed -= {source.path for source in listing.objects}
        asked = Asked(settings.mode == "sync", removed, holds.keys, self._job.request.full)
        return plan_ingestion(seen.known, ledger.contents, asked)

    def _bring(
        self, seen: Seen, plan: IngestionPlan, before: Snapshot | None, ledger: Ledger, confirmed: set[str]
    ) -> IngestionResult:
        """The table to what the plan says. Raises Conflict when it has to be made anew."""
        job, table = self._job, self._table
        say_plan(plan)
        refuse_mode(job.settings.mode, table.mode(), plan, ledger, job.request.full)
        refuse_loss(plan, ledger, confirmed, job.request.confirm_removals)
        if table.mode() != job.settings.mode:
            table.set_mode(job.settings.mode)
        if not plan.new and not plan.deleted:
            say(f"Rows found: 0; rows written: 0. {table.name} is up to date; nothing was committed")
            say(f"Snapshot: {before.id if before else 'none'}")
            return self._finish(seen, plan, False)
        made = self._commit(plan, before, ledger)
        rows = plan.rows_to_write
        say(f"Rows found: {rows}; rows written: {rows}; rows taken out: {plan.rows_to_delete}")
        say(f"Committed snapshot {made.id} of {table.name}")
        return self._finish(seen, plan, True)

    def _commit(self, plan: IngestionPlan, before: Snapshot | None, ledger: Ledger) -> Snapshot:
        ingested_at = max(datetime.now(timezone.utc), ledger.next_time)
        rows = self._rows(list(plan.new), ingested_at) if plan.new else None
        # Widening the table or noting its mode has loaded it anew, with whatever others have committed since.
        if self._table.snapshot() != before:
            raise Conflict("another snapshot")
        properties = snapshot_properties(self._job.run_id, plan, ledger.rows, ingested_at)
        made = commit(self._table, before, ledger, Change(plan, rows, properties))
        # Where everything goes, whole files go, with those of their rows that were deleted before.
        deleted = plan.rows_to_delete if plan.rows_to_delete == ledger.rows else made.deleted_rows
        if (made.added_rows, deleted) != (plan.rows_to_write, plan.rows_to_delete):
            raise JobFailure(
                f"snapshot {made.id} of {self._table.name} adds {made.added_rows} rows and deletes {deleted}; "
                f"{plan.rows_to_write} and {plan.rows_to_delete} were expected. Most likely rows were changed by hand "
                f"at the same moment. To cure it: npx mydatahub rollback --to {made.parent_id}, then npx mydatahub "
                "release, then run the ingestion again."
            )
        return made

    def _rows(self, files: list[KnownFile], ingested_at: datetime) -> DataFrame:
        """The rows of the files; the table is widened first where that is wanted."""
        bucket, merge = self._job.bucket, self._merge
        try:
            if merge:
                self._table.add_columns(columns_of_files(self._spark, bucket, files))
        except Exception as error:
            raise stop_in(error) or error from error
        return source_rows(self._spark, bucket, files, ingested_at, self._table.columns(), merge)

    def _finish(self, seen: Seen, plan: IngestionPlan, changed: bool) -> IngestionResult:
        """Brings what is derived from the table up to it: the table of ingests, then the cache."""
        job, table = self._job, self._table
        table.refresh()
        line = table.line()
        at = line[0] if line else None
        if at is not None:
            self._ingests.reconcile(at, lambda: table.ledger(at))
            TableGrants(self._lakeformation, job.database, f"{job.table}_ingests").settle_for_readers(
                self._s3, job.bucket, job.state_prefix
            )
        content = ingested_content(table.metadata_location(), at.id if at else None, job.settings, seen, plan)
        write_ingested(self._s3, job.bucket, f"{job.state_prefix}ingested.json", content)
        return IngestionResult(plan, at.id if at else None, changed)


def _confirmed(manifest: StateObject) -> set[str]:
    removed = (manifest.content or {}).get("removed", [])
    return {entry["path"] for entry in removed if entry.get("confirmed")}


def ingest(
    spark: SparkSession, job: IngestionJob, s3: "S3Client", lakeformation: LakeFormation
) -> IngestionResult | None:
    """One run; None when it was asked for the views alone. Raises JobFailure."""
    if job.request.refresh:
        say("The views are to be refreshed; the source files were not looked at, and nothing was ingested")
        return None
    return Ingestion(spark, job, s3, lakeformation).run()
