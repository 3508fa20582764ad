"""The views job: from the keys in the entity table to published views."""

from collections.abc import Iterable, Mapping
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
from mydatahub_glue.spark_dialects import SparkDialects
from mydatahub_glue.state import VERSION, state_text, write_state
from mydatahub_glue.told_columns import ToldColumns
from mydatahub_glue.view_catalog import ViewCatalog
from mydatahub_glue.view_check import ViewCheck
from mydatahub_glue.view_difference import Difference, document, tell, tell_columns
from mydatahub_glue.view_grants import ViewGrants
from mydatahub_glue.view_look import Look, look
from mydatahub_glue.view_progress import ViewProgress
from mydatahub_glue.view_readers import ViewReaders
from mydatahub_glue.view_rules import RULES_FILE
from mydatahub_glue.view_settings import ViewJob
from mydatahub_glue.view_texts import ViewTexts
from mydatahub_glue.view_warnings import kept, tell_warnings
from mydatahub_glue.wanted_views import WantedView
from mydatahub_glue.without_data import Entry, WithoutData

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class Means:
    """What the publisher works with."""

    athena: Athena
    catalog: ViewCatalog
    spark_dialects: SparkDialects
    grants: ViewGrants


def publish_views(spark: SparkSession, job: ViewJob, s3: "S3Client", means: Means) -> tuple[list[WantedView], Outcome]:
    """Brings every view to the wanted state. Raises JobFailure at the end when a view failed."""
    seen = look(spark, job, s3, means.catalog)
    tell_rules(seen.rules, seen.every)
    tell_warnings(seen.warnings)
    to_do = seen.to_do()
    refused = refused_views(ViewCheck(spark, means.athena, job.catalog), seen.wanted, seen.published)
    tell(job.database, to_do, refused)
    if job.settings.dry_run:
        _tell_dry_run(job, seen, to_do, refused)
        return seen.wanted, Outcome(failed=refused)

    # Names are kept before a view carries them: a run that is killed must not leave a view under a name that the
    # next run gives to another text.
    write_state(s3, seen.names_read, seen.names.to_state())
    run = _Run(spark, job, s3, means, seen, refused)
    outcome = run.publish()
    left = run.settle(outcome)
    run.end(left)
    _summarise(job, seen.wanted, outcome, sorted(left), sorted(seen.gone.keys() - left.keys()))
    return seen.wanted, outcome


def _tell_dry_run(job: ViewJob, seen: Look, to_do: Difference, refused: Mapping[str, str]) -> None:
    # A view that is refused may be found here as it would be without any rule.
    tell_columns(job.database, to_do, [view for view in seen.wanted if view.name not in refused], seen.there.views)
    say("Dry run: nothing was changed")
    differing = document(to_do, seen.wanted, seen.there.views, seen.gone)
    told = {"snapshot_id": str(seen.found.snapshot_id), **differing, "refused": refused, **kept(seen.warnings)}
    for line in result_lines(state_text({"version": VERSION, **told})):
        say(line)


class _Run:
    """A run that changes what has to be changed: `publish`, then `settle`, then `end`.

    `refused`: view -> why; these stay as they were.
    """

    def __init__(
        self,
        spark: SparkSession,
        job: ViewJob,
        s3: "S3Client",
        means: Means,
        seen: Look,
        refused: Mapping[str, str],
    ) -> None:
        self._spark, self._job, self._s3, self._means, self._seen = spark, job, s3, means, seen
        self._refused = refused
        self._progress = ViewProgress(s3, seen.views_read, seen.found.snapshot_id)
        done = self._progress.done
        self._readers = ViewReaders(
            s3, job.bucket, job.state_prefix, means.grants, seen.readers, seen.there.views, seen.published, done
        )

    def publish(self) -> Outcome:
        """Both dialects and the description of each view."""
        job, means, seen, refused = self._job, self._means, self._seen, self._refused
        texts = ViewTexts(self._s3, job.bucket, job.state_prefix)

        def on_done(view: WantedView) -> None:
            texts.keep(view)
            self._readers.published(view)

        strategy = job.settings.strategy
        publisher = Publisher(
            means.athena, means.catalog, means.spark_dialects, job.database, seen.published, strategy, on_done
        )
        try:
            outcome = publisher.publish([view for view in seen.wanted if view.name not in refused], seen.there)
        finally:
            # Also when the run is stopped: the next one takes up only what is missing.
            self._readers.finish_early()
            self._progress.keep()
        outcome.failed.update(refused)
        describe_views(means.catalog, seen.wanted, seen.before, outcome)
        self._again(outcome)
        return outcome

    def settle(self, outcome: Outcome) -> dict[str, Entry]:
        """What follows from the published views: views without data, entity_columns, readers.

        Returns the views that are left without data.
        """
        job, seen = self._job, self._seen
        without_data = WithoutData(job.settings.without_data, self._means.catalog, job.database)
        left = seen.gone if job.settings.only else without_data.settle(seen.state, seen.gone, outcome, seen.wanted)
        now = {*seen.there.views, *outcome.created}
        self._tell_columns(now)
        ours = {view.name for view in seen.every} | seen.before.keys() | seen.gone.keys()
        self._readers.settle(outcome, ours, now - (seen.gone.keys() - left.keys()))
        self._again(outcome)
        return left

    def end(self, left: Mapping[str, Entry]) -> None:
        """Keeps what was done. With --only, the other views may still wait for this snapshot and these rules."""
        job, seen = self._job, self._seen
        only = job.settings.only is not None
        facts = {
            "snapshot_id": seen.state.get("snapshot_id") if only else str(seen.found.snapshot_id),
            "table_columns": seen.columns,
            "settings": job.settings.kept,
            "rules": seen.state.get("rules") if only else seen.rules.digest,
            "without_data": dict(left),
            **kept(seen.warnings),
        }
        self._progress.end(seen.every, facts)

    def _again(self, outcome: Outcome) -> None:
        """The next run takes up what has failed."""
        for view in self._seen.wanted:
            if view.name in self._refused:
                self._progress.refused(view, self._refused[view.name], self._seen.published.get(view.name, ""))
            elif view.name in outcome.failed:
                self._progress.failed(view)

    def _tell_columns(self, there: set[str]) -> None:
        """Brings entity_columns to the views that are published as wanted; of others it says what it said."""
        job, entries = self._job, self._progress.views
        ready = [view for view in self._seen.every if entries.get(view.name, {}).get("hash") == view.sql.hash]
        columns = list(ToldColumns(self._spark, job.catalog, self._seen.found).of(ready, entries))
        location = f"s3://{job.bucket}/{job.iceberg_prefix}{job.database}/{COLUMNS_TABLE}"
        table = ColumnsTable(self._spark, job.catalog, job.database, location)
        if table.bring(columns, there - {view.name for view in ready}):
            told = f"{counted(len(columns), 'column')} of {counted(len(ready), 'view')}"
            others = len(self._seen.every) - len(ready)
            more = f"; nothing new of {counted(others, 'view')} not published as wanted" if others else ""
            say(f"Wrote {job.database}.{COLUMNS_TABLE}: {told}{more}")


def _summarise(job: ViewJob, wanted: list[WantedView], outcome: Outcome, left: list[str], dropped: list[str]) -> None:
    """`left`, `dropped`: views whose entity1 has no row any more."""
    say("SUMMARY")
    for title, names in (
        ("created", outcome.created),
        ("updated", outcome.updated),
        ("unchanged", outcome.unchanged),
        ("failed", list(outcome.failed)),
    ):
        say(f"  {title}: {len(names)}{': ' + ', '.join(sorted(names)) if names else ''}")
    if dropped:
        say(f"  dropped, since they have no data: {len(dropped)}: {', '.join(dropped)}")
    if left:
        say(f"  without data, left as they are: {len(left)}: {', '.join(left)}")
    if outcome.failed:
        reasons = "\n".join(f"{job.database}.{name}: {reason}" for name, reason in sorted(outcome.failed.items()))
        failed, views = len(outcome.failed), counted(len(wanted), "view")
        others = f"{failed} of {views} failed; the others are published."
        raise JobFailure(
            f"{others if failed < len(wanted) else f'all {views} failed.'}\n{reasons}\n"
            f"To cure it: {_cure(outcome.failed.values())}; the next run takes up only what is missing."
        )


def _cure(reasons: Iterable[str]) -> str:
    """Rules reach the job by upload-assets alone."""
    of_rules = [RULES_FILE in reason for reason in reasons]
    rules = f"mend {RULES_FILE} where it is named, then npx mydatahub upload-assets, then npx mydatahub run-ingestion"
    if all(of_rules):
        return rules
    return (
        f"{rules}; mend the other reasons as well" if any(of_rules) else "mend the reasons above and run the job again"
    )
