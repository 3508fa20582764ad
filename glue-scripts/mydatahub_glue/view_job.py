"""The views job: from the keys in the entity table to published views."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyspark.sql import SparkSession

from mydatahub_glue.athena import Athena
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.log import say
from mydatahub_glue.publisher import Outcome, Publisher, views_state
from mydatahub_glue.quoting import spark_identifier
from mydatahub_glue.readers import Readers, configured_readers
from mydatahub_glue.spark_dialects import SparkDialects
from mydatahub_glue.state import read_state, write_state
from mydatahub_glue.view_catalog import ViewCatalog
from mydatahub_glue.view_grants import ViewGrants
from mydatahub_glue.view_steps import STRATEGIES, Strategy
from mydatahub_glue.wanted_views import Names, WantedView, assign_names, keys_by_entity, wanted_views

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class ViewJob:
    """Where things are; `state_prefix` ends in `/`."""

    bucket: str
    state_prefix: str
    catalog: str
    database: str
    table: str
    strategy: Strategy


@dataclass(frozen=True)
class Means:
    """What the publisher works with."""

    athena: Athena
    catalog: ViewCatalog
    spark_dialects: SparkDialects
    grants: ViewGrants


def known_strategy(text: str) -> Strategy:
    """Raises JobFailure for any other text."""
    for strategy in STRATEGIES:
        if text == strategy:
            return strategy
    raise JobFailure(f"--view_strategy is {text!r}. To cure it: use {' or '.join(STRATEGIES)}.")


def publish_views(spark: SparkSession, job: ViewJob, s3: "S3Client", means: Means) -> tuple[list[WantedView], Outcome]:
    """Brings every view to the wanted state. Raises JobFailure at the end when a view failed."""
    readers = configured_readers(s3, job.bucket)
    snapshot_id, pairs = table_keys(spark, job)
    keys = keys_by_entity(pairs)
    say(f"Found {len(keys)} entity1 values with {len(pairs)} keys in snapshot {snapshot_id}")

    # Names are kept before a view carries them: a run that is killed must not leave a view under a name that the
    # next run gives to another text.
    names_read = read_state(s3, job.bucket, f"{job.state_prefix}names.json")
    names = assign_names(Names.of_state(names_read.content), keys)
    write_state(s3, names_read, names.to_state())

    views_read = read_state(s3, job.bucket, f"{job.state_prefix}views.json")
    before = (views_read.content or {}).get("views", {})
    wanted = wanted_views(job.database, job.table, names, keys)
    columns = table_columns(spark, job)
    # A view keeps the shape its base table had when it was made: where that has changed, every view is made anew.
    same_table = (views_read.content or {}).get("table_columns", columns) == columns
    published = {name: view["hash"] if same_table else "" for name, view in before.items()}
    there = means.catalog.all()
    publisher = Publisher(means.athena, means.catalog, means.spark_dialects, job.database, published, job.strategy)
    outcome = publisher.publish(wanted, there)
    write_state(s3, views_read, {**views_state(snapshot_id, wanted, outcome), "table_columns": columns})
    ours = {view.name for view in wanted} | before.keys()
    _grant(job, s3, means.grants, readers, outcome, published, ours, {*there, *outcome.created})
    _summarise(job, wanted, outcome, left=sorted(before.keys() - {view.name for view in wanted}))
    return wanted, outcome


def _grant(
    job: ViewJob,
    s3: "S3Client",
    grants: ViewGrants,
    readers: Readers,
    outcome: Outcome,
    published: Mapping[str, str],
    ours: set[str],
    there: set[str],
) -> None:
    """Brings the readers' grants to what is configured; what cannot be granted fails its view.

    `ours`: the views that this job made now or earlier; `there`: all of the catalog, also those that others made.
    """
    read = read_state(s3, job.bucket, f"{job.state_prefix}grants.json")
    before = (read.content or {}).get("grants", {})
    views = (ours | before.keys()) & there
    # What was published anew from nothing may be another view than the one that was granted.
    fresh = {*outcome.created, *(view for view in outcome.updated if not published.get(view))}
    granted = grants.bring(before, readers.of_views(views), views - outcome.failed.keys(), fresh)
    write_state(s3, read, {"readers": None if granted.failed else readers.as_configured, "grants": granted.grants})
    for view, reason in granted.failed.items():
        outcome.fail(view, reason)


def table_keys(spark: SparkSession, job: ViewJob) -> tuple[int, list[tuple[str, str]]]:
    """The table's snapshot and the distinct (entity1, key) in it, in one scan. Raises JobFailure when it is empty."""
    table = ".".join(spark_identifier(part) for part in (job.catalog, job.database, job.table))
    main = spark.sql(f"SELECT snapshot_id FROM {table}.refs WHERE name = 'main'").collect()
    rows = []
    if main:
        snapshot = main[0]["snapshot_id"]
        rows = spark.sql(
            f"SELECT entity1, `key` FROM {table} VERSION AS OF {snapshot} GROUP BY entity1, `key`"
        ).collect()
    if not rows:
        raise JobFailure(
            f"{job.catalog}.{job.database}.{job.table} has no rows, so there is no view to make. Most likely nothing "
            "was ingested yet. To cure it: mydatahub upload-data, then mydatahub run-ingestion."
        )
    return snapshot, [(row["entity1"], row["key"]) for row in rows]


def table_columns(spark: SparkSession, job: ViewJob) -> list[str]:
    """Names and types of the entity table's columns, in order."""
    table = ".".join(spark_identifier(part) for part in (job.catalog, job.database, job.table))
    return [f"{field.name} {field.dataType.simpleString()}" for field in spark.table(table).schema]


def _summarise(job: ViewJob, wanted: list[WantedView], outcome: Outcome, left: list[str]) -> None:
    say("SUMMARY")
    for title, names in (
        ("created", outcome.created),
        ("updated", outcome.updated),
        ("unchanged", outcome.unchanged),
        ("failed", list(outcome.failed)),
    ):
        say(f"  {title}: {len(names)}{': ' + ', '.join(sorted(names)) if names else ''}")
    if left:
        say(f"  without data, left as they are: {len(left)}: {', '.join(left)}")
    if outcome.failed:
        reasons = "\n".join(f"{job.database}.{name}: {reason}" for name, reason in sorted(outcome.failed.items()))
        raise JobFailure(
            f"{len(outcome.failed)} of {len(wanted)} views failed; the others were published.\n{reasons}\n"
            "To cure it: mend the reasons above and run the job again; it takes up only what is missing."
        )
