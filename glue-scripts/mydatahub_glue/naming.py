"""Naming rules: from any text to the name of a view or of a column.

`src/lake/naming.ts` gives the same names; `test/vectors/naming.json` holds both to it.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Mapping

VIEW_PREFIX = "entity_view_"
ENTITY_COLUMNS = ("entity1", "entity2", "entity3", "entity4")

# Glue and Athena take identifiers of at most 255 bytes; names are ASCII, so bytes are characters.
LONGEST_COLUMN = 255
LONGEST_VIEW_PART = LONGEST_COLUMN - len(VIEW_PREFIX)

_OUTSIDE = re.compile(r"[^a-z0-9_]+")


def column_name(text: str) -> str:
    """The column name that a key asks for, before collisions are settled."""
    return _name(text, LONGEST_COLUMN, digit_prefix="k_")


def view_part(text: str) -> str:
    """The part after `entity_view_` that an entity1 value asks for, before collisions are settled."""
    return _name(text, LONGEST_VIEW_PART, digit_prefix="")


def assign_columns(keys: Iterable[str], known: Mapping[str, str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Key -> column within one entity1; every entry of `known` is kept as it is.

    `entity1` to `entity4` are never given to a key, nor are the names `taken` to one that is new.
    """
    return _assign(keys, known, column_name, LONGEST_COLUMN, reserved=(*ENTITY_COLUMNS, *taken))


def assign_views(values: Iterable[str], known: Mapping[str, str], taken: Iterable[str] = ()) -> dict[str, str]:
    """entity1 value -> full view name (`entity_view_...`); every entry of `known` is kept as it is.

    `taken`: further view names that are given away, as by `numbered_view`.
    """
    parts = {text: name.removeprefix(VIEW_PREFIX) for text, name in known.items()}
    reserved = [name.removeprefix(VIEW_PREFIX) for name in taken]
    assigned = _assign(values, parts, view_part, LONGEST_VIEW_PART, reserved)
    return {text: VIEW_PREFIX + part for text, part in assigned.items()}


def numbered_view(first: str, number: int, taken: Container[str]) -> str:
    """Name of the further view `number` (from 2) of an entity1 whose first view is `first`."""
    ending = f"_{number}"
    name = first[: LONGEST_COLUMN - len(ending)] + ending
    candidates = [name, *(_suffixed(name, f"{first}{ending}", digits, LONGEST_COLUMN) for digits in (8, 16, 32, 64))]
    return next(candidate for candidate in candidates if candidate not in taken)


def _name(text: str, longest: int, digit_prefix: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.category(c).startswith("M"))
    name = _OUTSIDE.sub("_", bare.lower()).strip("_")
    if not name:
        return _suffixed("x", text, 8, longest) if text else "x"
    if name[0].isdigit():
        name = digit_prefix + name
    return name if len(name) <= longest else _suffixed(name, text, 8, longest)


def _suffixed(name: str, text: str, digits: int, longest: int) -> str:
    suffix = "_" + hashlib.sha256(text.encode()).hexdigest()[:digits]
    return name[: longest - len(suffix)] + suffix


def _assign(
    texts: Iterable[str],
    known: Mapping[str, str],
    wanted: Callable[[str], str],
    longest: int,
    reserved: Iterable[str],
) -> dict[str, str]:
    assigned = dict(known)
    taken = {*reserved, *known.values()}
    # Python compares code points, which is the order of the UTF-8 bytes.
    for text in sorted(set(texts) - known.keys()):
        name = wanted(text)
        candidates = [name, *(_suffixed(name, text, digits, longest) for digits in (8, 16, 32, 64))]
        free = next((c for c in candidates if c not in taken), None)
        if free is None:
            raise ValueError(f"no free name for {text!r}: even {candidates[-1]} is taken")
        assigned[text] = free
        taken.add(free)
    return assigned
