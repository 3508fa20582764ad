"""What the views job does for the rules of views.yml: has them checked, tells of them, and writes comments."""

from collections.abc import Iterable, Mapping
from typing import Any

from mydatahub_glue.failure import JobFailure
from mydatahub_glue.log import counted, say
from mydatahub_glue.publisher import Outcome
from mydatahub_glue.table_keys import KeyFacts
from mydatahub_glue.view_catalog import ViewCatalog
from mydatahub_glue.view_check import ViewCheck
from mydatahub_glue.view_rules import RULES_FILE, ViewRules
from mydatahub_glue.wanted_views import WantedView


def tell_rules(rules: ViewRules, every: Iterable[WantedView]) -> None:
    """How many views the rules are about, those among them for which they cannot hold."""
    if rules.rules:
        about = sum(view.custom is not None or view.problem is not None for view in every)
        say(f"{RULES_FILE}: {counted(len(rules.rules), 'rule')} about {counted(about, 'view')}")


def said_of(view: WantedView, key: str, column: str, facts: KeyFacts) -> tuple[str, int | None, str]:
    """Type of a column, in how many rows its value is none of that type (None for texts), and its comment."""
    at = view.sql.columns.index(column)
    cast = view.custom.rules.cast.get(key) if view.custom else None
    comment = view.sql.comments[at] if view.sql.comments else ""
    return view.sql.schema[at][1], facts.not_cast.get(cast.text) if cast else None, comment


def refused_views(check: ViewCheck, wanted: Iterable[WantedView], published: Mapping[str, str]) -> dict[str, str]:
    """View -> why it is not published: its rules cannot hold, or an engine refuses it.

    What is published as it is wanted was checked when it was.
    """
    views = list(wanted)
    refused = {view.name: view.problem for view in views if view.problem is not None}
    refused |= check.refused(v for v in views if v.custom is not None and published.get(v.name) != v.sql.hash)
    for name, reason in sorted(refused.items()):
        say(f"FAILED {name}: {reason}; it {'stays as it was' if published.get(name) else 'is not there yet'}")
    return refused


def describe_views(
    catalog: ViewCatalog, wanted: Iterable[WantedView], before: Mapping[str, Mapping[str, Any]], outcome: Outcome
) -> None:
    """Gives the views that this run has made or changed their comments.

    `before`: what state/views.json knew of them.
    """
    done = {*outcome.created, *outcome.updated}
    for view in wanted:
        if view.name in done and (view.sql.comment or before.get(view.name, {}).get("comment")):
            try:
                catalog.describe(view.name, view.sql.comment)
            except JobFailure as failure:
                outcome.fail(view.name, str(failure))
