"""Why the types of an expression do not fit, most likely, and what to do."""

from collections.abc import Iterable, Mapping

from mydatahub_glue.naming import ENTITY_COLUMNS
from mydatahub_glue.value_types import ValueType, value_type
from mydatahub_glue.view_rules import EntityRules

_MOST_NAMED = 5
_KINDS = {"string": "text", "bigint": "number", "date": "date", "boolean": "boolean"}


def type_hint(keys: Mapping[str, str], rules: EntityRules, expression: str, wanted: ValueType | None) -> str:
    """Empty where each column is of the type that its place needs. `keys`: key -> column. `wanted`: None: a filter."""
    # sqlglot takes a second to load.
    from mydatahub_glue.misplaced import BOOLEAN, DATE, NUMBER, TEXT, is_value, misplaced

    casts = {keys[key]: said.text for key, said in rules.cast.items() if key in keys}
    columns = {name: _kind(value_type(casts[name])) if name in casts else TEXT for name in keys.values()}
    columns |= dict.fromkeys(ENTITY_COLUMNS, TEXT)
    found = misplaced(expression, columns, BOOLEAN if wanted is None else _kind(wanted))
    key_of = {column: key for key, column in keys.items()}

    texts = [one for one in found if one.is_column and one.kind == TEXT]
    to_cast = sorted({key_of[one.what] for one in texts if one.what in key_of})
    if to_cast:
        needed = sorted({one.needed for one in texts if one.what in key_of})
        return f"{_used(TEXT, needed)}give {_named(to_cast)} a type by `cast`"
    if texts:
        return f"{_used(TEXT, [texts[0].needed])}{texts[0].what} is a text, which no `cast` changes"
    for one in found:
        if one.is_column:
            otherwise = ", and a text without it" if one.needed == TEXT else ""
            is_cast = f"{key_of[one.what]!r} is {casts[one.what]} by its `cast`{otherwise}"
            return f"{_used(one.kind, [one.needed])}{is_cast}"
        if one.needed == TEXT and one.kind == NUMBER:
            return f"{_used(NUMBER, [TEXT])}write '{one.what}'"
        if one.kind == TEXT and is_value(one.what, one.needed):
            write = f"DATE '{one.what}'" if one.needed == DATE else f"{one.what} without quotes"
            return f"{_used(TEXT, [one.needed])}write {write}"
    return ""


def _used(kind: str, needed: Iterable[str]) -> str:
    return f"Most likely a {kind} is used as a {' or '.join(needed)}: "


def _named(keys: list[str]) -> str:
    more = f" and {len(keys) - _MOST_NAMED} more" if len(keys) > _MOST_NAMED else ""
    return ", ".join(map(repr, keys[:_MOST_NAMED])) + more


def _kind(of: ValueType) -> str:
    return _KINDS.get(of.glue, "number")
