"""Brings one entity view to the wanted state, in three steps that say what was really done and checked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from mydatahub_glue.athena import execute
from mydatahub_glue.catalog_view import ATHENA, SPARK, BaseTable, CatalogView, put_spark_dialect, read_view
from mydatahub_glue.pivot import ViewSql
from mydatahub_glue.quoting import athena_identifier

if TYPE_CHECKING:
    from mypy_boto3_athena import AthenaClient
    from mypy_boto3_glue import GlueClient

# https://docs.aws.amazon.com/athena/latest/ug/service-limits.html: not adjustable.
LONGEST_ATHENA_STATEMENT = 262_144

Outcome = Literal["created", "updated", "unchanged", "failed"]


@dataclass(frozen=True)
class WantedView:
    """`published_hash` is what the last successful publication of this view had, if any."""

    name: str
    entity1: str
    sql: ViewSql
    published_hash: str | None


@dataclass
class Publication:
    """What became of one view; `log` is for people, in order."""

    view: WantedView
    outcome: Outcome
    log: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Publisher:
    """The clients and names that every publication needs. Safe to use from several threads."""

    athena: "AthenaClient"
    glue: "GlueClient"
    workgroup: str
    base: BaseTable

    def publish(self, wanted: WantedView, found: CatalogView | None) -> Publication:
        """Does what the view lacks and nothing else; a failure is an outcome, not an exception."""
        if found is not None and found.is_current(wanted.sql.columns) and wanted.published_hash == wanted.sql.hash:
            return Publication(wanted, "unchanged")
        result = Publication(wanted, "created" if found is None else "updated")
        try:
            self._steps(wanted, found, result.log.append)
        except Exception as error:
            result.outcome = "failed"
            result.log.append(f"FAILED: {error}")
        return result

    def _steps(self, wanted: WantedView, found: CatalogView | None, log: Callable[[str], None]) -> None:
        execute(self.athena, self.workgroup, self._athena_statement(wanted, found, log))
        log("          done")
        view = read_view(self.glue, self.base.database, wanted.name)
        verb = "REPLACE" if SPARK in view.dialects else "ADD"
        log(f"[Step 2/3] SPARK dialect: glue:UpdateTable {verb}")
        put_spark_dialect(self.glue, self.base, view, wanted.sql.columns, wanted.sql.spark)
        log("          done")
        self._check(wanted)
        log(f"[Step 3/3] checked: both dialects present, none stale, {len(wanted.sql.columns)} columns as wanted")

    def _athena_statement(self, wanted: WantedView, found: CatalogView | None, log: Callable[[str], None]) -> str:
        name = f"{athena_identifier(self.base.database)}.{athena_identifier(wanted.name)}"
        if found is None:
            head = f"CREATE PROTECTED MULTI DIALECT VIEW {name} SECURITY DEFINER AS"
        elif ATHENA in found.dialects:
            head = f"ALTER VIEW {name} FORCE UPDATE DIALECT AS"
        else:
            head = f"ALTER VIEW {name} FORCE ADD DIALECT AS"
        log(f"[Step 1/3] ATHENA dialect: {head} …")
        statement = f"{head} {wanted.sql.athena}"
        size = len(statement.encode())
        if size > LONGEST_ATHENA_STATEMENT:
            raise ValueError(
                f"the statement has {size:,} bytes, Athena takes {LONGEST_ATHENA_STATEMENT:,}\n"
                f"  why:  entity1 {wanted.entity1!r} has {len(wanted.sql.columns) - 4:,} keys\n"
                "  cure: spread its keys over several entity1 values"
            )
        return statement

    def _check(self, wanted: WantedView) -> None:
        view = read_view(self.glue, self.base.database, wanted.name)
        if not view.is_current(wanted.sql.columns):
            raise RuntimeError(
                f"after both steps the catalog shows dialects {view.dialects} (true: stale) and "
                f"{len(view.columns)} columns, wanted were both dialects and {len(wanted.sql.columns)} columns\n"
                "  why:  somebody else changed the view at the same time\n  cure: run the job again"
            )
