"""What a run of the views job finds, and so has to do: nothing is changed by looking."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyspark.sql import SparkSession

from mydatahub_glue.columns_table import COLUMNS_TABLE
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.log import counted, say
from mydatahub_glue.lost_names import lost_names
from mydatahub_glue.readers import Readers, configured_readers
from mydatahub_glue.state import StateObject, read_state
from mydatahub_glue.table_keys import TableKeys, table_columns, table_keys
from mydatahub_glue.view_catalog import Listing, ViewCatalog
from mydatahub_glue.view_difference import Difference, difference
from mydatahub_glue.view_rules import ViewRules
from mydatahub_glue.view_settings import ViewJob
from mydatahub_glue.view_warnings import ViewWarning, view_warnings
from mydatahub_glue.wanted_views import Definition, Names, WantedView, wanted_views
from mydatahub_glue.without_data import Entry, views_without_data

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class Look:
    """`every` view that the table asks for, and those `wanted` of this run; `names` are all that are given by now.

    `names_read`, `views_read`: state/names.json and state/views.json. `columns`: of the table, which is `reshaped`
    where they were others. `published`: view -> hash that an earlier run brought through, empty where it is to be made
    anew. `there`: what the catalog holds. `gone`: views whose entity1 has no row any more.
    """

    readers: Readers
    rules: ViewRules
    found: TableKeys
    names_read: StateObject
    names: Names
    every: list[WantedView]
    wanted: list[WantedView]
    warnings: list[ViewWarning]
    views_read: StateObject
    columns: list[str]
    reshaped: bool
    published: dict[str, str]
    there: Listing
    gone: dict[str, Entry]

    @property
    def state(self) -> dict[str, Any]:
        """The content of state/views.json."""
        return self.views_read.content or {}

    @property
    def before(self) -> dict[str, Any]:
        """The views of an earlier run by name."""
        views: dict[str, Any] = self.state.get("views", {})
        return views

    def to_do(self) -> Difference:
        return difference(self.wanted, self.there.views, self.published, self.gone, self.reshaped)


def look(spark: SparkSession, job: ViewJob, s3: "S3Client", catalog: ViewCatalog) -> Look:
    """Raises JobFailure when the table has no rows, or none of the entity1 that is asked for."""
    readers = configured_readers(s3, job.bucket)
    rules = ViewRules.read(s3, job.bucket)
    found = table_keys(spark, job.catalog, job.database, job.table, rules.casts())
    keys = counted(len(found.facts), "key")
    say(f"Found {counted(len(found.keys), 'entity1 value')} with {keys} in snapshot {found.snapshot_id}")

    names_read = read_state(s3, job.bucket, f"{job.state_prefix}names.json")
    definition = Definition(job.database, job.table, job.settings.form, rules)
    there = catalog.all()
    if names_read.content is None and COLUMNS_TABLE in there.others:
        known = lost_names(spark, job.catalog, job.database, rules)
    else:
        known = Names.of_state(names_read.content)
    names, every = wanted_views(definition, known, found.keys)
    warnings = view_warnings(job.database, rules, found, every)
    wanted = _asked_for(job, every)

    views_read = read_state(s3, job.bucket, f"{job.state_prefix}views.json")
    state = views_read.content or {}
    columns = table_columns(spark, job.catalog, job.database, job.table)
    # A view keeps the shape its base table had when it was made: where that has changed, every view is made anew.
    reshaped = state.get("table_columns", columns) != columns
    published = {name: "" if reshaped else view["hash"] for name, view in state.get("views", {}).items()}
    gone = views_without_data(state, {view.name for view in every}, there.views)
    return Look(
        readers,
        rules,
        found,
        names_read,
        names,
        every,
        wanted,
        warnings,
        views_read,
        columns,
        reshaped,
        published,
        there,
        gone,
    )


def _asked_for(job: ViewJob, every: list[WantedView]) -> list[WantedView]:
    only = job.settings.only
    wanted = [view for view in every if only is None or view.entity1 == only]
    if not wanted:
        raise JobFailure(
            f"no row of {job.catalog}.{job.database}.{job.table} has the entity1 {only!r} that --only asks for. Most "
            "likely it is written in another way there. To cure it: pass it as it is in the source files."
        )
    return wanted
