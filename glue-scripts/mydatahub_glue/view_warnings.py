"""What people ought to know of their views though nothing failed: said in the log, and kept for those who ask later."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mydatahub_glue.custom_logic import said_of
from mydatahub_glue.log import counted, say
from mydatahub_glue.table_keys import TableKeys
from mydatahub_glue.view_limits import WARN_AT, size_of
from mydatahub_glue.view_rules import RULES_FILE, ViewRules
from mydatahub_glue.wanted_views import WantedView

# Of so many state/views.json has the text, of the others the number: a rule about all views may be wrong for thousands.
MOST_KEPT = 100


@dataclass(frozen=True)
class ViewWarning:
    """`line`: of config/views.yml, where one of its lines is the reason."""

    text: str
    line: int | None = None

    def __str__(self) -> str:
        return self.text if self.line is None else f"{RULES_FILE}:{self.line}: {self.text}"


def view_warnings(database: str, rules: ViewRules, found: TableKeys, views: Sequence[WantedView]) -> list[ViewWarning]:
    """Of all views: those that are several or near a limit, rules about nothing, and what cannot be cast."""
    without_effect = [ViewWarning(text, line) for line, text in rules.without_effect(found.keys)]
    return [*_limits(database, views), *without_effect, *_no_column(views), *_not_cast(found, views)]


def tell_warnings(warnings: Iterable[ViewWarning]) -> None:
    for warning in warnings:
        say(f"WARNING {warning}")


def kept(warnings: Sequence[ViewWarning]) -> dict[str, Any]:
    """As state/views.json and the result of a dry run have them; nothing where there is none."""
    if not warnings:
        return {}
    told = [{"text": warning.text, "line": warning.line} for warning in warnings[:MOST_KEPT]]
    return {"warnings": told, "warnings_more": len(warnings[MOST_KEPT:])}


def _limits(database: str, wanted: Iterable[WantedView]) -> Iterable[ViewWarning]:
    by_entity: dict[str, list[WantedView]] = {}
    for view in wanted:
        by_entity.setdefault(view.entity1, []).append(view)
    for entity1, views in sorted(by_entity.items()):
        views.sort(key=lambda view: view.number)
        if views[-1].of > 1:
            told = ", ".join(f"{database}.{view.name} ({counted(len(view.columns), 'key')})" for view in views)
            yield ViewWarning(f"entity1 {entity1[:200]!r} has too many keys for one view; they are in {told}")
        size = size_of(views[-1].sql)
        if size.most >= WARN_AT:
            yield ViewWarning(
                f"{database}.{views[-1].name} is at {size}. Keys beyond that go into a further view, "
                f"{views[0].name}_{views[-1].of + 1}; the table entity_columns says which view holds a key"
            )


def _no_column(views: Iterable[WantedView]) -> Iterable[ViewWarning]:
    """What `order` and `comments` name, and no view that they are about has."""
    missing, there = set[tuple[int, str]](), set[tuple[int, str]]()
    for view in views:
        if view.custom is not None:
            rules = view.custom.rules
            named = {(said.line, said.text) for said in rules.order}
            named |= {(said.line, column) for column, said in rules.comments.items()}
            of_view = {(line, name) for line, name in named if name in view.sql.columns}
            there |= of_view
            missing |= named - of_view
    for line, name in sorted(missing - there):
        yield ViewWarning(f"no view of this rule has the column {name!r}", line)


def _not_cast(found: TableKeys, views: Iterable[WantedView]) -> Iterable[ViewWarning]:
    for view in views:
        for key, rule in (view.custom.rules.cast if view.custom else {}).items():
            if key not in view.columns:
                continue
            facts = found.facts[view.entity1, key]
            column = view.columns[key]
            _, not_cast, _ = said_of(view, key, column, facts)
            if not_cast:
                rows = f"{not_cast:,} of the {facts.rows:,} rows of the table with the key {key!r}"
                told = f"{rows}: the value is no {rule.text} and NULL in the view"
                yield ViewWarning(f"{view.name}.{column}: {told}", rule.line)
