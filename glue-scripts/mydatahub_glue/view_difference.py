"""What a run of the publisher has to do, before it does it."""

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mydatahub_glue.log import counted, say
from mydatahub_glue.pivot import Schema
from mydatahub_glue.view_catalog import ATHENA, SPARK, ViewState, told_column
from mydatahub_glue.wanted_views import WantedView


@dataclass(frozen=True)
class Difference:
    """View name -> why. `gone`: views that were published and whose entity1 has no row any more."""

    new: Mapping[str, str]
    changed: Mapping[str, str]
    unchanged: tuple[str, ...]
    gone: tuple[str, ...]


def difference(
    wanted: Iterable[WantedView],
    there: Mapping[str, ViewState],
    published: Mapping[str, str],
    gone: Iterable[str],
    reshaped: bool = False,
) -> Difference:
    """`there`: the views of the catalog; `published`: view -> hash of what an earlier run published.

    `reshaped`: the entity table has other columns than then, so that no such hash holds.
    """
    new, changed, unchanged = dict[str, str](), dict[str, str](), list[str]()
    for view in wanted:
        state = there.get(view.name)
        if state is None:
            new[view.name] = counted(len(view.columns), "key")
            continue
        why = _why(view, state, published.get(view.name), reshaped)
        if why is None:
            unchanged.append(view.name)
        else:
            changed[view.name] = why
    return Difference(new, changed, tuple(unchanged), tuple(sorted(gone)))


def _why(view: WantedView, state: ViewState, hash_published: str | None, reshaped: bool) -> str | None:
    """Why the view is to be changed; None when it is as wanted."""
    missing = [dialect for dialect in (ATHENA, SPARK) if dialect not in state.dialects]
    if missing:
        return f"the dialect {' and '.join(missing)} is missing"
    stale = [dialect for dialect, is_stale in state.dialects.items() if is_stale]
    if stale:
        return f"the dialect {' and '.join(stale)} is stale"
    if state.columns != view.sql.columns:
        added = [column for column in view.sql.columns if column not in state.columns]
        removed = [column for column in state.columns if column not in view.sql.columns]
        parts = (("new:", added), ("gone:", removed), ("other types:", _retyped(view, state)))
        told = [f"{sign} {_some(columns)}" for sign, columns in parts if columns]
        return "; ".join(told) or "its columns are in another order"
    if state.schema != view.sql.schema:
        return f"other types: {_some(_retyped(view, state))}"
    if reshaped and hash_published == "":
        return "the entity table has other columns than when it was made"
    if hash_published != view.sql.hash:
        return "its definition is another one" if hash_published else "it is not known to be published as wanted"
    return None


def _retyped(view: WantedView, state: ViewState) -> list[str]:
    """The columns that are there with another type, each with the wanted one."""
    typed = dict(state.schema)
    return [told_column(name, of) for name, of in view.sql.schema if typed.get(name, of) != of]


def _some(columns: list[str]) -> str:
    more = f" and {len(columns) - 5} more" if len(columns) > 5 else ""
    return ", ".join(columns[:5]) + more


def tell(database: str, found: Difference, refused: Collection[str]) -> None:
    """The difference, line by line, without the views that are `refused` and so stay as they are."""
    new, changed, unchanged = (
        [name for name in sorted(names) if name not in refused] for names in (found.new, found.changed, found.unchanged)
    )
    told = f"{len(new)} new, {len(changed)} changed, {len(unchanged)} unchanged, {len(found.gone)} without data"
    say(f"DIFFERENCE: {told}{f', {len(refused)} refused' if refused else ''}")
    for sign, names, why in (("+", new, found.new), ("~", changed, found.changed)):
        for name in names:
            say(f"  {sign} {database}.{name}: {why[name]}")
    for name in found.gone:
        say(f"  - {database}.{name}: its entity1 has no row any more")


def tell_columns(
    database: str, found: Difference, wanted: Iterable[WantedView], there: Mapping[str, ViewState]
) -> None:
    """The columns of each changed view, with types, as a unified diff of what the catalog has and what is wanted."""
    for view in wanted:
        if view.name in found.changed:
            name = f"{database}.{view.name}"
            now, then = (
                [told_column(*column) for column in schema] for schema in (there[view.name].schema, view.sql.schema)
            )
            for line in difflib.unified_diff(now, then, name, f"{name} (wanted)", n=1, lineterm=""):
                say(f"  {line}")


def document(
    found: Difference,
    wanted: Iterable[WantedView],
    there: Mapping[str, ViewState],
    gone: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """The difference for a program: views by name, each with its columns now (none for a new one) and as wanted.

    `types` and `types_now` are those of the columns that are no texts.
    """
    new, changed = dict[str, Any](), dict[str, Any]()
    for view in wanted:
        facts = {"entity1": view.entity1, "columns": list(view.sql.columns), "types": _types(view.sql.schema)}
        if view.name in found.new:
            new[view.name] = facts
        elif view.name in found.changed:
            state = there[view.name]
            before = {"columns_now": list(state.columns), "types_now": _types(state.schema)}
            changed[view.name] = {**facts, **before, "why": found.changed[view.name]}
    without_data = {name: gone[name]["entity1"] for name in found.gone}
    return {"new": new, "changed": changed, "unchanged": len(found.unchanged), "without_data": without_data}


def _types(schema: Schema) -> dict[str, str]:
    return {name: of for name, of in schema if of != "string"}
