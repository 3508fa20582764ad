"""The views that the entity table asks for: for each entity1 one with a column for each of its keys, or several."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mydatahub_glue.naming import assign_columns, assign_views, numbered_view
from mydatahub_glue.pivot import Form, ViewSql, view_sql
from mydatahub_glue.view_limits import place_keys


@dataclass(frozen=True)
class WantedView:
    """`columns`: key -> column. `number` counts the views of one entity1 from 1, of which there are `of`."""

    name: str
    entity1: str
    sql: ViewSql
    columns: Mapping[str, str]
    number: int = 1
    of: int = 1


@dataclass(frozen=True)
class Names:
    """Names once given: entity1 -> view name, and entity1 -> key -> column.

    For an entity1 of several views also `more`: entity1 -> names of its second and further views, and `placed`:
    entity1 -> key -> number (1 is the second) of the view that holds it; the keys that are not there are in the first.
    """

    views: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]
    more: Mapping[str, list[str]]
    placed: Mapping[str, Mapping[str, int]]

    @staticmethod
    def of_state(content: Mapping[str, Any] | None) -> "Names":
        """From state/names.json; no names when there is none."""
        content = content or {}
        return Names(
            content.get("views", {}), content.get("columns", {}), content.get("more", {}), content.get("placed", {})
        )

    def to_state(self) -> dict[str, Any]:
        state: dict[str, Any] = {"views": dict(self.views), "columns": {e: dict(c) for e, c in self.columns.items()}}
        if self.more:
            state["more"] = {entity1: list(names) for entity1, names in self.more.items()}
            state["placed"] = {entity1: dict(numbers) for entity1, numbers in self.placed.items()}
        return state


def keys_by_entity(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """entity1 -> its keys, from distinct (entity1, key)."""
    keys: dict[str, set[str]] = {}
    for entity1, key in pairs:
        keys.setdefault(entity1, set()).add(key)
    return keys


@dataclass(frozen=True)
class Definition:
    """How the views are made: `database`.`table` is what they read."""

    database: str
    table: str
    form: Form = "auto"


def wanted_views(definition: Definition, known: Names, keys: Mapping[str, set[str]]) -> tuple[Names, list[WantedView]]:
    """All names, known ones and new ones, and the views in order of their names.

    Keys that the data no longer has get no column; their names stay given.
    """
    views = assign_views(keys, known.views, [name for names in known.more.values() for name in names])
    columns, more, placed = dict(known.columns), dict(known.more), dict(known.placed)
    wanted = []
    for entity1, of_entity in keys.items():
        before = known.columns.get(entity1, {})
        columns[entity1] = assign_columns(of_entity, before)
        where = known.placed.get(entity1, {})
        parts = place_keys(
            of_entity,
            {key: where.get(key, 0) for key in before},
            partial(_sql, definition, entity1, columns[entity1]),
        )
        if len(parts) > 1:
            placed[entity1] = {**where, **{key: number for number, some in enumerate(parts) for key in some if number}}
        names = [views[entity1], *more.get(entity1, [])]
        while len(names) < len(parts):
            taken = {*views.values(), *(name for further in more.values() for name in further), *names}
            names.append(numbered_view(views[entity1], len(names) + 1, taken))
            more[entity1] = names[1:]
        for number, some in enumerate(parts):
            if some or number == 0:
                sql = _sql(definition, entity1, columns[entity1], some)
                of_view = {key: columns[entity1][key] for key in some}
                wanted.append(WantedView(names[number], entity1, sql, of_view, number + 1, len(parts)))
    return Names(views, columns, more, placed), sorted(wanted, key=lambda view: view.name)


def _sql(definition: Definition, entity1: str, columns: Mapping[str, str], keys: list[str]) -> ViewSql:
    of_view = {key: columns[key] for key in keys}
    return view_sql(definition.database, definition.table, entity1, of_view, definition.form)
