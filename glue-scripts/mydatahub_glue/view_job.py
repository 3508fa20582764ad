"""The views job: from the keys in the entity table to published views."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyspark.sql import SparkSession

from mydatahub_glue.athena import Athena
from mydatahub_glue.columns_table import COLUMNS_TABLE, ColumnsTable
from mydatahub_glue.custom_logic import describe_views, refused_views, tell_rules
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.log import counted, say
from mydatahub_glue.printed_result import result_lines
from mydatahub_glue.publisher import Outcome, Publisher
from mydatahub_glue.readers import configured_readers
from mydatahub_glue.spark_dialects import SparkDialects
from mydatahub_glue.state import VERSION, read_state, state_text, write_state
from mydatahub_glue.table_keys import TableKeys, table_columns, table_keys
from mydatahub_glue.told_columns import ToldColumns
from mydatahub_glue.view_catalog import ViewCatalog
from mydatahub_glue.view_check import ViewCheck
from mydatahub_glue.view_difference import difference, document, tell, tell_columns
from mydatahub_glue.view_grants import ViewGrants
from mydatahub_glue.view_progress import ViewProgress
from mydatahub_glue.view_readers import ViewReaders
from mydatahub_glue.view_rules import RULES_FILE, ViewRules
from mydatahub_glue.view_settings import ViewSettings
from mydatahub_glue.view_texts import ViewTexts
from mydatahub_glue.view_warnings import kept, tell_warnings, view_warnings
from mydatahub_glue.wanted_views import Definition, Names, WantedView, wanted_views
from mydatahub_glue.without_data import WithoutData

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class ViewJob:
    """Where things are; prefixes end in `/`."""

    bucket: str
    state_prefix: str
    iceberg_prefix: str
    catalog: str
    database: str
    table: str
    settings: ViewSettings


@dataclass(frozen=True)
class Means:
    """What the publisher works with."""

    athena: Athena
    catalog: ViewCatalog
    spark_dialects: SparkDialects
    grants: ViewGrants


def publish_views(spark: SparkSession, job: ViewJob, s3: "S3Client", means: Means) -> tuple[list[WantedView], Outcome]:
    """Brings every view to the wanted state. Raises JobFailure at the end when a view failed."""
    settings = job.settings
    readers = configured_readers(s3, job.bucket)
    rules = ViewRules.read(s3, job.bucket)
    found = table_keys(spark, job.catalog, job.database, job.table, rules.casts())
    keys = counted(len(found.facts), "key")
    say(f"Found {counted(len(found.keys), 'entity1 value')} with {keys} in snapshot {found.snapshot_id}")

    names_read = read_state(s3, job.bucket, f"{job.state_prefix}names.json")
    definition = Definition(job.database, job.table, settings.form, rules)
    names, every = wanted_views(definition, Names.of_state(names_read.content), found.keys)
    tell_rules(rules, every)
    warnings = view_warnings(job.database, rules, found, every)
    tell_warnings(warnings)
    wanted = _asked_for(job, every)

    views_read = read_state(s3, job.bucket, f"{job.state_prefix}views.json")
    state = views_read.content or {}
    before = state.get("views", {})
    columns = table_columns(spark, job.catalog, job.database, job.table)
    # A view keeps the shape its base table had when it was made: where that has changed, every view is made anew.
    same_table = state.get("table_columns", columns) == columns
    published = {name: view["hash"] if same_table else "" for name, view in before.items()}
    there = means.catalog.all()
    without_data = WithoutData(settings.without_data, means.catalog, job.database)
    gone = without_data.of_state(state, {view.name for view in every}, there.views)
    to_do = difference(wanted, there.views, published, gone)
    tell(job.database, to_do)
    refused = refused_views(ViewCheck(spark, means.athena, job.catalog), wanted, published)
    if settings.dry_run:
        tell_columns(job.database, to_do, wanted, there.views)
        say("Dry run: nothing was changed")
        differing = document(to_do, wanted, there.views, gone)
        told = {"snapshot_id": str(found.snapshot_id), **differing, "refused": refused, **kept(warnings)}
        for line in result_lines(state_text({"version": VERSION, **told})):
            say(line)
        return wanted, Outcome(failed=refused)

    # Names are kept before a view carries them: a run that is killed must not leave a view under a name that the
    # next run gives to another text.
    write_state(s3, names_read, names.to_state())
    progress = ViewProgress(s3, views_read, found.snapshot_id)
    texts = ViewTexts(s3, job.bucket, job.state_prefix)
    view_readers = ViewReaders(
        s3, job.bucket, job.state_prefix, means.grants, readers, there.views, published, progress.done
    )

    def on_done(view: WantedView) -> None:
        texts.keep(view)
        view_readers.published(view)

    publisher = Publisher(
        means.athena, means.catalog, means.spark_dialects, job.database, published, settings.strategy, on_done
    )
    try:
        outcome = publisher.publish([view for view in wanted if view.name not in refused], there)
    finally:
        # Also when the run is stopped: the next one takes up only what is missing.
        view_readers.finish_early()
        progress.keep()
    outcome.failed.update(refused)
    describe_views(means.catalog, wanted, before, outcome)
    progress.failed(view for view in wanted if view.name in outcome.failed)
    left = gone if settings.only else without_data.settle(state, gone, outcome, wanted)
    now = {*there.views, *outcome.created}
    _tell_columns(spark, job, found, every, progress, now)
    ours = {view.name for view in every} | before.keys() | gone.keys()
    view_readers.settle(outcome, ours, now - (gone.keys() - left.keys()))
    progress.failed(view for view in wanted if view.name in outcome.failed)
    # With --only, the others may still wait for this snapshot.
    snapshot_id = state.get("snapshot_id") if settings.only else str(found.snapshot_id)
    facts = {
        "snapshot_id": snapshot_id,
        "table_columns": columns,
        "settings": settings.kept,
        "rules": state.get("rules") if settings.only else rules.digest,
        "without_data": left,
        **kept(warnings),
    }
    progress.end(every, facts)
    _summarise(job, wanted, outcome, left=sorted(left))
    return wanted, outcome


def _asked_for(job: ViewJob, every: list[WantedView]) -> list[WantedView]:
    only = job.settings.only
    wanted = [view for view in every if only is None or view.entity1 == only]
    if not wanted:
        raise JobFailure(
            f"no row of {job.catalog}.{job.database}.{job.table} has the entity1 {only!r} that --only asks for. Most "
            "likely it is written in another way there. To cure it: pass it as it is in the source files."
        )
    return wanted


def _tell_columns(
    spark: SparkSession,
    job: ViewJob,
    found: TableKeys,
    every: Iterable[WantedView],
    progress: ViewProgress,
    there: set[str],
) -> None:
    """Brings the table entity_columns to the views that are published as wanted; of others it says what it said."""
    ready = [view for view in every if progress.views.get(view.name, {}).get("hash") == view.sql.hash]
    columns = list(ToldColumns(spark, job.catalog, found).of(ready, progress.views))
    table = ColumnsTable(
        spark, job.catalog, job.database, f"s3://{job.bucket}/{job.iceberg_prefix}{job.database}/{COLUMNS_TABLE}"
    )
    if table.bring(columns, there - {view.name for view in ready}):
        say(f"Wrote {job.database}.{COLUMNS_TABLE}: {counted(len(columns), 'column')} of {counted(len(ready), 'view')}")


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
            f"{len(outcome.failed)} of {counted(len(wanted), 'view')} failed; the others were published.\n{reasons}\n"
            f"To cure it: {_cure(outcome.failed.values())}; the next run takes up only what is missing."
        )


def _cure(reasons: Iterable[str]) -> str:
    """Rules reach the job by upload-assets alone."""
    of_rules = [RULES_FILE in reason for reason in reasons]
    rules = f"mend {RULES_FILE} where it is named, then mydatahub upload-assets, then mydatahub run-ingestion"
    if all(of_rules):
        return rules
    return (
        f"{rules}; mend the other reasons as well" if any(of_rules) else "mend the reasons above and run the job again"
    )
