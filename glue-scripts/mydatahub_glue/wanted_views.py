"""The views that the entity table asks for: one for each entity1, a column for each of its keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mydatahub_glue.naming import assign_columns, assign_views
from mydatahub_glue.pivot import ViewSql, view_sql


@dataclass(frozen=True)
class WantedView:
    name: str
    entity1: str
    sql: ViewSql


@dataclass(frozen=True)
class Names:
    """Names once given: entity1 -> view name, and entity1 -> key -> column."""

    views: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]

    @staticmethod
    def of_state(content: Mapping[str, Any] | None) -> "Names":
        """From state/names.json; no names when there is none."""
        content = content or {}
        return Names(content.get("views", {}), content.get("columns", {}))

    def to_state(self) -> dict[str, Any]:
        return {"views": dict(self.views), "columns": {e: dict(c) for e, c in self.columns.items()}}


def keys_by_entity(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """entity1 -> its keys, from distinct (entity1, key)."""
    keys: dict[str, set[str]] = {}
    for entity1, key in pairs:
        keys.setdefault(entity1, set()).add(key)
    return keys


def assign_names(known: Names, keys: Mapping[str, set[str]]) -> Names:
    """All known names, and new ones for what has none yet."""
    views = assign_views(keys, known.views)
    columns = dict(known.columns)
    for entity1, of_entity in keys.items():
        columns[entity1] = assign_columns(of_entity, known.columns.get(entity1, {}))
    return Names(views, columns)


def wanted_views(database: str, table: str, names: Names, keys: Mapping[str, set[str]]) -> list[WantedView]:
    """One view for each entity1, by view name. Keys that the data no longer has get no column."""
    wanted = []
    for entity1, of_entity in keys.items():
        columns = {key: names.columns[entity1][key] for key in of_entity}
        wanted.append(WantedView(names.views[entity1], entity1, view_sql(database, table, entity1, columns)))
    return sorted(wanted, key=lambda view: view.name)
