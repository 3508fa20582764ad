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


def place_keys(
    keys: Iterable[str], known: Mapping[str, int], sql_of: Callable[[list[str]], ViewSql]
) -> list[list[str]]:
    """The keys of each view of one entity1, in order; one view as long as all fit.

    A key stays where it is (`known`: key -> number of its view, from 0), so that a column does not move to another
    view when new keys arrive. New ones go to the last view, in byte order, until it is full, and then to further ones.
    `sql_of` gives the SQL of a view with these keys. A key that fits no view at all has one of its own.
    """
    wanted = sorted(keys)
    views: list[list[str]] = [[] for _ in range(1 + max((known[key] for key in wanted if key in known), default=0))]
    for key in wanted:
        if key in known:
            views[known[key]].append(key)
    over: list[str] = []
    for number, there in enumerate(views):
        fit = _most_that_fit([], there, sql_of)
        views[number], over = there[:fit], over + there[fit:]
    waiting = sorted([*over, *(key for key in wanted if key not in known)])
    while waiting:
        fit = _most_that_fit(views[-1], waiting, sql_of)
        if fit == 0 and not views[-1]:
            fit = 1
        views[-1] += waiting[:fit]
        waiting = waiting[fit:]
        if waiting:
            views.append([])
    return views


def _most_that_fit(there: list[str], more: list[str], sql_of: Callable[[list[str]], ViewSql]) -> int:
    """How many of `more`, from the first on, fit beside `there`."""

    def fits(count: int) -> bool:
        return size_of(sql_of(there + more[:count])).most <= 1

    if fits(len(more)):
        return len(more)
    least, most = 0, len(more)
    while most - least > 1:
        middle = (least + most) // 2
        if fits(middle):
            least = middle
        else:
            most = middle
    return least
