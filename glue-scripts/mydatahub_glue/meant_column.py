"""What somebody most likely meant who wrote the name of a column that is not there."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from mydatahub_glue.naming import ENTITY_COLUMNS, column_name
from mydatahub_glue.view_rules import Said

# What has fewer letters, such as a unit, tells nothing of a column.
_SHORTEST = 3


def meant_column(missing: str, columns: Mapping[str, str], rename: Mapping[str, Said]) -> str | None:
    """A hint, or None where no column is like it. `columns`: key -> column, renamed."""
    if missing in columns:
        now = columns[missing]
        return f"a `rename` names {missing} {now}" if missing in rename else f"{missing!r} is the key of {now}"
    before = {column_name(key): key for key in rename if key in columns}
    written = column_name(missing)
    near = _nearest(written, [*ENTITY_COLUMNS, *columns.values(), *before])
    if near is None or near not in before or near in columns.values():
        return None if near is None else f"most like {missing}: {near}"
    key = before[near]
    return f"a `rename` names {missing if near == written else key} {columns[key]}"


def _nearest(written: str, names: Collection[str]) -> str | None:
    """The most alike by their letters, else the shortest one that has all its words."""
    near = get_close_matches(written, names, 1)
    words = set(written.split("_"))
    if near or len(written) < _SHORTEST:
        return next(iter(near), None)
    with_words = [name for name in names if words <= set(name.split("_"))]
    return min(with_words, key=lambda name: (len(name), name), default=None)
