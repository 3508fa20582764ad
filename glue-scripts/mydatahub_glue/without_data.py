"""Views whose entity1 has no row any more: kept, marked or dropped."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from mydatahub_glue.failure import JobFailure
from mydatahub_glue.log import say
from mydatahub_glue.publisher import Outcome
from mydatahub_glue.view_catalog import ViewCatalog, ViewState
from mydatahub_glue.view_settings import WithoutDataChoice
from mydatahub_glue.wanted_views import WantedView

Entry = dict[str, Any]


def views_without_data(state: Mapping[str, Any], wanted: set[str], there: Mapping[str, ViewState]) -> dict[str, Entry]:
    """The views of an earlier run that are there and not wanted now: their `entity1`, since when, and as `published`.

    `state`: the content of state/views.json as that run left it.
    """
    today = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    known = {
        name: {"entity1": view["entity1"], "since": today, "published": view}
        for name, view in state.get("views", {}).items()
    }
    known |= state.get("without_data", {})
    return {name: entry for name, entry in known.items() if name not in wanted and name in there}


class WithoutData:
    """`choice`: `keep` leaves them, `mark` says so in their description, `drop` deletes them with their grants."""

    def __init__(self, choice: WithoutDataChoice, catalog: ViewCatalog, database: str) -> None:
        self._choice = choice
        self._catalog = catalog
        self._database = database

    def settle(
        self, state: Mapping[str, Any], gone: Mapping[str, Entry], outcome: Outcome, wanted: Iterable[WantedView]
    ) -> dict[str, Entry]:
        """Does with them what is configured, and unmarks those that have data again; those that are left."""
        comments = {view.name: view.sql.comment for view in wanted}
        for name, entry in sorted(state.get("without_data", {}).items()):
            if entry.get("marked") and name not in gone and name in {*outcome.updated, *outcome.unchanged}:
                self._catalog.describe(name, comments.get(name, ""))
        left = dict(gone)
        for name, entry in sorted(gone.items()):
            try:
                if self._choice == "drop":
                    self._catalog.delete(name)
                    del left[name]
                    say(f"Dropped {self._database}.{name}: its entity1 has no row any more")
                elif self._choice == "mark" and not entry.get("marked"):
                    self._catalog.describe(name, f"No row of its entity1 is left, since {entry['since']}.")
                    left[name] = {**entry, "marked": True}
                    say(f"Marked {self._database}.{name}: its entity1 has no row any more")
            except JobFailure as failure:
                outcome.fail(name, str(failure))
        return left
