"""The views that the entity table asks for: for each entity1 one with a column for each of its keys, or several."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mydatahub_glue.custom_view import CustomView
from mydatahub_glue.naming import assign_columns, assign_views, column_name, numbered_view
from mydatahub_glue.pivot import Form, ViewSql, table_source, view_sql
from mydatahub_glue.view_limits import Part, place_keys
from mydatahub_glue.view_rules import NO_RULES, EntityRules, RuleError, Said, ViewRules


@dataclass(frozen=True)
class WantedView:
    """`columns`: key -> column. `number` counts the views of one entity1 from 1, of which there are `of`.

    `custom`: what its SQL is made by, where a rule of views.yml is about it. `problem`: why the rules cannot hold for
    it; the view is not published then, and its SQL is the one without rules.
    """

    name: str
    entity1: str
    sql: ViewSql
    columns: Mapping[str, str]
    number: int = 1
    of: int = 1
    custom: CustomView | None = None
    problem: str | None = None

    @property
    def extra(self) -> dict[str, Said]:
        """The columns that rules add to this view, which no key has: name -> what is said of it."""
        added = self.custom.rules.columns if self.custom else {}
        return {name: said for name, said in added.items() if name in self.sql.columns}

    @property
    def renamed(self) -> dict[str, str]:
        """Column -> key, of the columns that a rule has named."""
        named = self.custom.rules.rename if self.custom else {}
        return {column: key for key, column in self.columns.items() if key in named}


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
    rules: ViewRules = NO_RULES


def wanted_views(definition: Definition, known: Names, keys: Mapping[str, set[str]]) -> tuple[Names, list[WantedView]]:
    """All names, known ones and new ones, and the views in order of their names.

    Keys that the data no longer has get no column; their names stay given.
    """
    views = assign_views(keys, known.views, [name for names in known.more.values() for name in names])
    columns, more, placed = dict(known.columns), dict(known.more), dict(known.placed)
    wanted = []
    for entity1, of_entity in keys.items():
        before = known.columns.get(entity1, {})
        rules = definition.rules.of(entity1)
        columns[entity1] = assign_columns(of_entity, before, _named_by(rules))
        where = known.placed.get(entity1, {})
        at = {key: where.get(key, 0) for key in before}
        custom, parts, problem = _parts(definition, entity1, rules, {k: columns[entity1][k] for k in of_entity}, at)
        if len(parts) > 1:
            placed[entity1] = {
                **where,
                **{key: number for number, part in enumerate(parts) for key in part.keys if number},
            }
        names = [views[entity1], *more.get(entity1, [])]
        while len(names) < len(parts):
            taken = {*views.values(), *(name for further in more.values() for name in further), *names}
            names.append(numbered_view(views[entity1], len(names) + 1, taken))
            more[entity1] = names[1:]
        for number, part in enumerate(parts):
            if part.keys or number == 0:
                sql = custom.sql(part.keys, first=False) if custom and number else part.sql
                of_view = {key: (custom.columns if custom else columns[entity1])[key] for key in part.keys}
                wanted.append(WantedView(names[number], entity1, sql, of_view, number + 1, len(parts), custom, problem))
    return Names(views, columns, more, placed), sorted(wanted, key=lambda view: view.name)


def _sql(definition: Definition, entity1: str, columns: Mapping[str, str], keys: list[str]) -> ViewSql:
    of_view = {key: columns[key] for key in keys}
    return view_sql(definition.database, definition.table, entity1, of_view, definition.form)


def _named_by(rules: EntityRules | None) -> list[str]:
    """Names that rules give, so that no new key gets them."""
    if rules is None:
        return []
    renamed = (said.text for key, said in rules.rename.items() if column_name(key) != said.text)
    return [*renamed, *rules.columns]


def _parts(
    definition: Definition,
    entity1: str,
    rules: EntityRules | None,
    columns: Mapping[str, str],
    known: Mapping[str, int],
) -> tuple[CustomView | None, list[Part], str | None]:
    """The views of one entity1 with what its rules make them by, or without rules and why those cannot hold.

    `columns`: key -> column without rules. `known`: as `place_keys` takes it.
    """
    problem = None
    if rules is not None:
        renamed = {key: rules.rename[key].text if key in rules.rename else name for key, name in columns.items()}
        source = table_source(definition.database, definition.table)
        try:
            custom = CustomView(source, entity1, renamed, rules, definition.form)
            return custom, place_keys(custom.shown(), known, custom.sql), None
        except RuleError as error:
            problem = str(error)
    return None, place_keys(columns, known, partial(_sql, definition, entity1, columns)), problem
