"""The ingestion: source files under `raw-data/` into the entity table, every content exactly once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from pyspark.sql import SparkSession

from mydatahub_glue.breach import Breach
from mydatahub_glue.entity_table import EntityTable, Ledger, Snapshot
from mydatahub_glue.failure import JobFailure, stop_in
from mydatahub_glue.log import say
from mydatahub_glue.plan import IngestionPlan, KnownFile, plan_ingestion
from mydatahub_glue.source_object import SourceObject, list_source_objects
from mydatahub_glue.source_tasks import check_objects, source_rows
from mydatahub_glue.state import StateObject, read_state, write_state
from mydatahub_glue.table_grants import LakeFormation, TableGrants

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_s3 import S3Client

_SHOWN = 50


@dataclass(frozen=True)
class IngestionJob:
    """Arguments of the job. Prefixes end in `/`; `run_id` is Glue's, or empty."""

    bucket: str
    raw_prefix: str
    state_prefix: str
    iceberg_prefix: str
    catalog: str
    database: str
    table: str
    run_id: str


@dataclass(frozen=True)
class IngestionResult:
    """`snapshot_id` is the table's at the end; `committed` tells whether this run made it."""

    plan: IngestionPlan
    snapshot_id: int | None
    committed: bool


def ingest(
    spark: SparkSession, job: IngestionJob, s3: "S3Client", glue: "GlueClient", lakeformation: LakeFormation
) -> IngestionResult:
    """One run. Raises JobFailure, with nothing committed, when a file breaks the contract or changes meanwhile."""
    listing = list_source_objects(s3, job.bucket, job.raw_prefix)
    say(f"Found {len(listing.objects)} source files under s3://{job.bucket}/{job.raw_prefix}")
    for key in listing.ignored:
        say(f"Ignored s3://{job.bucket}/{key}: its name does not end in .csv")

    cache = read_state(s3, job.bucket, f"{job.state_prefix}ingested.json")
    manifest = read_state(s3, job.bucket, f"{job.state_prefix}manifest.json")
    known, unknown = _known_files(listing.objects, [cache, manifest])
    known += _checked(spark, job, unknown)

    location = f"s3://{job.bucket}/{job.iceberg_prefix}{job.database}/{job.table}"
    table = EntityTable(spark, job.catalog, job.database, job.table, location)
    table.ensure()
    TableGrants(lakeformation, job.database, job.table).settle(s3, job.bucket, job.state_prefix)
    before = table.snapshot()
    ledger = table.ledger(before)
    plan = plan_ingestion(known, ledger.contents)
    _say_plan(plan)
    after = before
    if plan.new or plan.superseded:
        after = _commit(spark, job, table, plan, before, ledger)
        rows = plan.rows_to_write
        say(f"Rows found: {rows}; rows written: {rows}; rows replaced: {plan.rows_to_delete}")
        say(f"Committed snapshot {after.id} of {table.name}")
    else:
        say(f"Rows found: 0; rows written: 0. {table.name} is up to date; nothing was committed")
        say(f"Snapshot: {after.id if after else 'none'}")
    _write_cache(s3, glue, job, cache, known, after)
    return IngestionResult(plan, after.id if after else None, after != before)


def _known_files(
    objects: Iterable[SourceObject], states: Iterable[StateObject]
) -> tuple[list[KnownFile], list[SourceObject]]:
    """Files whose content earlier runs or upload-data know (same key, ETag and size), and all others."""
    facts: dict[tuple[str, str, int], dict[str, Any]] = {}
    for state in states:
        for file in (state.content or {}).get("files", []):
            facts[file["key"], file["etag"], file["size"]] = file
    known: list[KnownFile] = []
    unknown: list[SourceObject] = []
    for source in objects:
        fact = facts.get((source.key, source.etag, source.size))
        if fact is None:
            unknown.append(source)
            continue
        pinned = SourceObject(source.path, source.key, source.etag, source.size, fact.get("version_id"))
        known.append(KnownFile(pinned, fact["sha256"], fact["rows"]))
    return known, unknown


def _checked(spark: SparkSession, job: IngestionJob, objects: list[SourceObject]) -> list[KnownFile]:
    if not objects:
        return []
    say(f"Checking {len(objects)} source files that upload-data did not send")
    try:
        known, broken = check_objects(spark, job.bucket, objects)
    except Exception as error:
        raise stop_in(error) or error from error
    if broken:
        raise JobFailure(_refusal(broken))
    return known


def _refusal(broken: list[tuple[SourceObject, Breach]]) -> str:
    broken = sorted(broken, key=lambda item: item[0].path)
    lines = [breach.at(source.path) for source, breach in broken]
    for line in lines:
        say(f"Refused {line}")
    if len(lines) > _SHOWN:
        lines = [*lines[:_SHOWN], f"... and {len(lines) - _SHOWN} more, all in the log of the run"]
    files = "1 source file breaks" if len(broken) == 1 else f"{len(broken)} source files break"
    return "\n".join([f"{files} the contract; nothing was committed.", *lines])


def _say_plan(plan: IngestionPlan) -> None:
    for file in plan.new:
        say(f"New: {file.source.path} ({file.rows} rows, SHA-256 {file.sha256})")
    for content in plan.superseded:
        say(f"Replaced: {content.rows} rows that {content.source_file} held before (SHA-256 {content.sha256})")
    for path, place in plan.same_content.items():
        say(f"Skipped: {path} has the same content as {place}")
    say(
        f"Files: {len(plan.new)} new, {len(plan.unchanged)} unchanged, {len(plan.same_content)} with content that is "
        f"there already, {len({c.source_file for c in plan.superseded})} replaced"
    )


def _commit(
    spark: SparkSession,
    job: IngestionJob,
    table: EntityTable,
    plan: IngestionPlan,
    before: Snapshot | None,
    ledger: Ledger,
) -> Snapshot:
    ingested_at = max(datetime.now(timezone.utc), ledger.next_time)
    rows = source_rows(spark, job.bucket, list(plan.new), ingested_at) if plan.new else None
    properties = _snapshot_properties(job, plan, ingested_at)
    try:
        if rows is not None and not plan.superseded:
            table.insert(rows, before, ledger, properties)
        else:
            table.insert_and_delete(rows, plan.superseded, properties)
    except Exception as error:
        if "Found conflicting files" in str(error):
            raise JobFailure(
                f"somebody else committed to {table.name} while this run read its files, so nothing of this run was "
                "committed. Most likely two ingestions ran at once. To cure it: run the ingestion again."
            ) from error
        raise stop_in(error) or error from error
    after = table.snapshot()
    if after is None or (before and after.id == before.id):
        raise JobFailure(f"{table.name} has no new snapshot although Spark reported its commit")
    written = after.added_rows - after.deleted_rows
    if after.parent_id != (before.id if before else None) or written != plan.rows_to_write - plan.rows_to_delete:
        raise JobFailure(
            f"snapshot {after.id} of {table.name} (parent {after.parent_id}) changes the number of rows by {written}; "
            f"{plan.rows_to_write - plan.rows_to_delete} was expected, on top of {before.id if before else 'nothing'}. "
            "Most likely somebody else committed at the same moment. To cure it: CALL "
            f"{job.catalog}.system.rollback_to_snapshot('{job.database}.{job.table}', {before.id if before else 0}), "
            "then run the ingestion again."
        )
    return after


def _snapshot_properties(job: IngestionJob, plan: IngestionPlan, ingested_at: datetime) -> dict[str, str]:
    return {
        "job-run-id": job.run_id or "unknown",
        "ingested-at": ingested_at.isoformat(),
        "files-new": str(len(plan.new)),
        "files-skipped": str(len(plan.unchanged) + len(plan.same_content)),
        "files-replaced": str(len({content.source_file for content in plan.superseded})),
        "rows-found": str(plan.rows_to_write),
        "rows-written": str(plan.rows_to_write),
        "rows-replaced": str(plan.rows_to_delete),
    }


def _write_cache(
    s3: "S3Client",
    glue: "GlueClient",
    job: IngestionJob,
    cache: StateObject,
    files: Iterable[KnownFile],
    snapshot: Snapshot | None,
) -> None:
    table = glue.get_table(DatabaseName=job.database, Name=job.table)["Table"]
    content = {
        "metadata_location": table.get("Parameters", {}).get("metadata_location", ""),
        "snapshot_id": str(snapshot.id) if snapshot else None,
        "files": [
            {
                "path": file.source.path,
                "key": file.source.key,
                "etag": file.source.etag,
                "size": file.source.size,
                "sha256": file.sha256,
                "rows": file.rows,
            }
            for file in sorted(files, key=lambda f: f.source.path)
        ],
    }
    write_state(s3, cache, content)
