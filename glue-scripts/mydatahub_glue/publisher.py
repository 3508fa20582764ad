"""The publisher: brings the views of the catalog to the wanted state, ATHENA dialect first.

A view never exists without the ATHENA dialect: one that has only SPARK breaks Athena's metadata for everybody. A view
is never dropped to be refreshed, since its grants would go with it.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal

from mydatahub_glue.athena import Athena
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.log import say
from mydatahub_glue.quoting import view_name
from mydatahub_glue.view_catalog import ATHENA, SPARK, ViewCatalog, ViewState
from mydatahub_glue.wanted_views import WantedView

# Athena runs at most 20 DDL statements of an account at once; others want some too.
VIEWS_AT_ONCE = 8


@dataclass
class Outcome:
    """View names by what became of them; `failed` with the reason."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Step:
    """What is to do for each dialect: the head of Athena's statement, the action of UpdateTable; None keeps it."""

    athena: str | None
    spark: Literal["ADD", "REPLACE"] | None
    force: bool


class Publisher:
    """`published`: view name -> SHA-256 of both SQL texts that an earlier run brought through all its steps."""

    def __init__(self, athena: Athena, catalog: ViewCatalog, database: str, published: Mapping[str, str]) -> None:
        self._athena = athena
        self._catalog = catalog
        self._database = database
        self._published = published

    def publish(self, wanted: Iterable[WantedView]) -> Outcome:
        """All views, several at once. A view that fails stops no other."""
        outcome = Outcome()
        there = self._catalog.all()
        changed = []
        for view in wanted:
            state = there.get(view.name)
            if self._published.get(view.name) == view.sql.hash and state and state.is_ready(view.sql.columns):
                outcome.unchanged.append(view.name)
            else:
                changed.append(view)
        with ThreadPoolExecutor(VIEWS_AT_ONCE) as pool:
            results = list(pool.map(self._attempt, changed))
        for view, (made, reason) in zip(changed, results, strict=True):
            if reason is not None:
                outcome.failed[view.name] = reason
            else:
                (outcome.created if made else outcome.updated).append(view.name)
        return outcome

    def _attempt(self, view: WantedView) -> tuple[bool, str | None]:
        try:
            return self._publish(view), None
        except JobFailure as failure:
            reason = str(failure)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
        say(f"FAILED {self._database}.{view.name} (entity1 {view.entity1[:200]!r}): {reason}")
        return False, reason

    def _publish(self, view: WantedView) -> bool:
        """The three steps; whether the view is new."""
        name = f"{self._database}.{view.name}"
        state = self._catalog.view(view.name)
        step = self._step(view, state)
        if step.athena is not None:
            self._athena.run(f"{step.athena} AS {view.sql.athena}")
        say(f"[Step 1/3] ATHENA dialect of {name}: {step.athena or 'kept'}")
        if step.spark is not None:
            self._catalog.put_spark(view.name, view.sql, step.spark, step.force)
        say(f"[Step 2/3] SPARK dialect of {name}: {step.spark or 'kept'}")
        self._check(view)
        say(f"[Step 3/3] checked: {name} has both dialects, none stale, {len(view.sql.columns)} columns")
        return state is None

    def _step(self, view: WantedView, state: ViewState | None) -> "_Step":
        name = view_name(self._database, view.name)
        if state is None:
            return _Step(f"CREATE PROTECTED MULTI DIALECT VIEW {name} SECURITY DEFINER", "ADD", False)
        same_columns = state.columns == view.sql.columns
        as_published = same_columns and self._published.get(view.name) == view.sql.hash
        # FORCE makes the other dialect stale until its own step: only where the schemas differ anyway.
        force = not same_columns or any(state.dialects.values())
        forced = "FORCE " if force else ""
        athena: str | None = None
        spark: Literal["ADD", "REPLACE"] | None = None
        if ATHENA not in state.dialects:
            athena = f"ALTER VIEW {name} {forced}ADD DIALECT"
        elif state.dialects[ATHENA] or not as_published:
            athena = f"ALTER VIEW {name} {forced}UPDATE DIALECT"
        if SPARK not in state.dialects:
            spark = "ADD"
        elif state.dialects[SPARK] or not as_published:
            spark = "REPLACE"
        return _Step(athena, spark, force)

    def _check(self, view: WantedView) -> None:
        state = self._catalog.view(view.name)
        if state is None:
            raise JobFailure("the Data Catalog has no such view although Athena reported success")
        wrong = [d for d in (ATHENA, SPARK) if d not in state.dialects]
        stale = [d for d, is_stale in state.dialects.items() if is_stale]
        if wrong:
            raise JobFailure(f"the Data Catalog lacks the dialect {', '.join(wrong)} after both were set")
        if stale:
            raise JobFailure(f"the dialect {', '.join(stale)} is stale after both were set; run the job again")
        if state.columns != view.sql.columns:
            raise JobFailure(
                f"the Data Catalog has the columns {', '.join(state.columns)}, wanted are {', '.join(view.sql.columns)}"
            )


def views_state(snapshot_id: int, wanted: Iterable[WantedView], outcome: Outcome) -> dict[str, Any]:
    """The content of state/views.json: every wanted view; a failed one has an empty hash and is tried again."""
    views = {
        view.name: {
            "entity1": view.entity1,
            "columns": list(view.sql.columns),
            "hash": "" if view.name in outcome.failed else view.sql.hash,
        }
        for view in wanted
    }
    return {"snapshot_id": str(snapshot_id), "views": views}
