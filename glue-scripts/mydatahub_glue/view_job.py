"""The views job: from the keys in the entity table to published views."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyspark.sql import SparkSession

from mydatahub_glue.athena import Athena
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.log import say
from mydatahub_glue.publisher import Outcome, Publisher, views_state
from mydatahub_glue.quoting import spark_identifier
from mydatahub_glue.state import read_state, write_state
from mydatahub_glue.view_catalog import ViewCatalog
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


def publish_views(
    spark: SparkSession, job: ViewJob, s3: "S3Client", athena: Athena, catalog: ViewCatalog
) -> tuple[list[WantedView], Outcome]:
    """Brings every view to the wanted state. Raises JobFailure at the end when a view failed."""
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
    published = {name: view["hash"] for name, view in before.items()}
    outcome = Publisher(athena, catalog, job.database, published).publish(wanted)
    write_state(s3, views_read, views_state(snapshot_id, wanted, outcome))
    _summarise(job, wanted, outcome, left=sorted(before.keys() - {view.name for view in wanted}))
    return wanted, outcome


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
