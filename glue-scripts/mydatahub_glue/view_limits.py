"""What AWS lets a view have, and which keys go where when one view cannot hold them all."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from mydatahub_glue.pivot import ViewSql

# Bytes of UTF-8. https://docs.aws.amazon.com/athena/latest/ug/service-limits.html
LONGEST_ATHENA_STATEMENT = 262_144
# Characters of ViewOriginalText. https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog-tables.html
LONGEST_VIEW_TEXT = 409_600
# Both names in the longest statement before a view's text have at most 255 bytes.
_LONGEST_HEAD = len("CREATE PROTECTED MULTI DIALECT VIEW . SECURITY DEFINER AS ") + 2 * 257
WARN_AT = 0.8


@dataclass(frozen=True)
class Size:
    """Bytes of Athena's longest statement about a view, and characters of its longer text in the Data Catalog."""

    athena_bytes: int
    glue_characters: int

    @property
    def athena(self) -> float:
        """Share (1.0 is the limit) of what Athena takes."""
        return self.athena_bytes / LONGEST_ATHENA_STATEMENT

    @property
    def glue(self) -> float:
        """Share (1.0 is the limit) of what the Data Catalog takes."""
        return self.glue_characters / LONGEST_VIEW_TEXT

    @property
    def most(self) -> float:
        return max(self.athena, self.glue)

    def __str__(self) -> str:
        if self.athena >= self.glue:
            return f"{self.athena:.0%} of the {LONGEST_ATHENA_STATEMENT:,} bytes that Athena takes"
        return f"{self.glue:.0%} of the {LONGEST_VIEW_TEXT:,} characters that the Data Catalog takes"


def size_of(sql: ViewSql) -> Size:
    return Size(len(sql.athena.encode()) + _LONGEST_HEAD, max(len(sql.athena), len(sql.spark)))


@dataclass(frozen=True)
class Part:
    """One view of an entity1: its keys, and its SQL by `place_keys`."""

    keys: list[str]
    sql: ViewSql


SqlOf = Callable[[list[str]], ViewSql]


def place_keys(keys: Iterable[str], known: Mapping[str, int], sql_of: SqlOf) -> list[Part]:
    """The views of one entity1, in order; one as long as all keys fit.

    A key stays where it is (`known`: key -> number of its view, from 0), so that a column does not move to another
    view when new keys arrive. New ones go to the last view, in byte order, until it is full, and then to further ones.
    `sql_of` gives the SQL of a view with these keys. A key that fits no view at all has one of its own.
    """
    wanted = sorted(keys)
    views: list[list[str]] = [[] for _ in range(1 + max((known[key] for key in wanted if key in known), default=0))]
    for key in wanted:
        if key in known:
            views[known[key]].append(key)
    empty = Part([], sql_of([]))
    parts = [_filled(empty, there, sql_of) for there in views]
    over = [key for part, there in zip(parts, views, strict=True) for key in there[len(part.keys) :]]
    waiting = sorted([*over, *(key for key in wanted if key not in known)])
    while waiting:
        last = parts[-1]
        parts[-1] = _filled(last, waiting, sql_of)
        if parts[-1] is empty:
            parts[-1] = Part(waiting[:1], sql_of(waiting[:1]))
        waiting = waiting[len(parts[-1].keys) - len(last.keys) :]
        if waiting:
            parts.append(empty)
    return parts


def _filled(part: Part, more: list[str], sql_of: SqlOf) -> Part:
    """The view with as many of `more`, from the first on, as fit beside what it has; itself when none does."""

    def tried(count: int) -> Part:
        keys = part.keys + more[:count]
        return Part(keys, sql_of(keys))

    def fits(tried: Part) -> bool:
        return size_of(tried.sql).most <= 1

    if not more:
        return part
    most, whole = part, tried(len(more))
    if fits(whole):
        return whole
    least, too_many = 0, len(more)
    while too_many - least > 1:
        middle = (least + too_many) // 2
        some = tried(middle)
        if fits(some):
            least, most = middle, some
        else:
            too_many = middle
    return most
