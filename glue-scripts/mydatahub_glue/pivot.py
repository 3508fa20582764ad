"""The SQL of an entity view, in both dialects: same columns, same order, all of them texts.

There are two forms with one answer. `case` asks each row for each key. `chunked` cuts the keys into ranges, collects
the values of each range once for each entity, and takes each column from there: far quicker with many keys,
and a query that reads few columns collects only the ranges that hold them (`make bench-views`).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mydatahub_glue.naming import ENTITY_COLUMNS
from mydatahub_glue.quoting import athena_identifier, athena_string, spark_identifier, spark_string

Form = Literal["auto", "chunked", "case"]
Schema = tuple[tuple[str, str], ...]
"""(name, type) of each column, by the Data Catalog's names of types."""
FORMS: tuple[Form, ...] = ("auto", "chunked", "case")

# Up to so many keys `auto` takes the form `case`, which is as quick there and plainer to read.
MOST_CASES = 16
# A view has a range for each so many keys, and at most so many ranges. A query for one column collects one range, a
# sixteenth of the rows however many keys there are; each further range makes a query for all columns dearer.
RANGE_KEYS = 35
MOST_RANGES = 16

_GROUPS = ", ".join(ENTITY_COLUMNS)
# Without entity1, which is the same in all rows of a view.
_OTHERS = ENTITY_COLUMNS[1:]
_OTHER_GROUPS = ", ".join(_OTHERS)


@dataclass(frozen=True)
class ViewSql:
    """`columns` in view order; `athena` and `spark` are the SELECT that each engine gets.

    `types` (the Data Catalog's names) and `comments` are those of the columns in their order, `comment` is the view's.
    Without them all columns are texts that nobody has commented.
    """

    columns: tuple[str, ...]
    athena: str
    spark: str
    types: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    comment: str = ""

    @property
    def schema(self) -> Schema:
        return tuple(zip(self.columns, self.types or ("string",) * len(self.columns), strict=True))

    @property
    def hash(self) -> str:
        """SHA-256 over both texts and what is said of them: what tells a changed view from an unchanged one."""
        said = "\n\0\n".join((*self.comments, self.comment)) if any((*self.comments, self.comment)) else ""
        return hashlib.sha256(f"{self.athena}\n\0\n{self.spark}{said}".encode()).hexdigest()


@dataclass(frozen=True)
class Source:
    """What stands after FROM in each dialect: a table, or a query in parentheses with its columns.

    So many characters stand before each value, by which the greatest is chosen and which the view leaves out.
    """

    athena: str
    spark: str
    athena_prefix: int = 0
    spark_prefix: int = 0


def view_sql(database: str, table: str, entity1: str, columns: Mapping[str, str], form: Form = "auto") -> ViewSql:
    """The pivot of one entity1: a row for each entity1..entity4, a column for each key of `columns` (key -> column).

    Columns follow the UTF-8 byte order of the keys. Of several values of one key in one row the greatest in byte
    order is taken. An empty text stays an empty text; a key without a value is NULL.
    """
    return pivot_sql(table_source(database, table), entity1, columns, form)


def table_source(database: str, table: str) -> Source:
    return Source(
        f"{athena_identifier(database)}.{athena_identifier(table)}",
        f"{spark_identifier(database)}.{spark_identifier(table)}",
    )


def pivot_sql(source: Source, entity1: str, columns: Mapping[str, str], form: Form = "auto") -> ViewSql:
    """As `view_sql`, of any source with the columns of the entity table."""
    keys = sorted(columns)  # code points: the order of the UTF-8 bytes, by which both engines compare
    chunked = bool(keys) and (form == "chunked" or (form == "auto" and len(keys) > MOST_CASES))
    athena = _athena_chunked if chunked else _athena_case
    spark = _spark_chunked if chunked else _spark_case
    return ViewSql(
        columns=(*ENTITY_COLUMNS, *(columns[key] for key in keys)),
        athena=athena(source, entity1, keys, columns),
        spark=spark(source, entity1, keys, columns),
    )


def key_ranges(keys: Sequence[str]) -> list[Sequence[str]]:
    """`keys`, in order, cut into ranges of nearly equal length, one for each RANGE_KEYS; none without keys."""
    count = min(MOST_RANGES, -(-len(keys) // RANGE_KEYS))
    return [keys[len(keys) * i // count : len(keys) * (i + 1) // count] for i in range(count)]


def _athena_case(source: Source, entity1: str, keys: Sequence[str], columns: Mapping[str, str]) -> str:
    selected = [f"CAST({name} AS VARCHAR) AS {athena_identifier(name)}" for name in ENTITY_COLUMNS]
    for key in keys:
        greatest = _without(source.athena_prefix, f"MAX(CASE WHEN key = {athena_string(key)} THEN value END)")
        selected.append(f"CAST({greatest} AS VARCHAR) AS {athena_identifier(columns[key])}")
    where = f"WHERE entity1 = {athena_string(entity1)}"
    return f"SELECT {', '.join(selected)} FROM {source.athena} {where} GROUP BY {_GROUPS}"


def _spark_case(source: Source, entity1: str, keys: Sequence[str], columns: Mapping[str, str]) -> str:
    selected = [f"CAST({name} AS STRING) AS {spark_identifier(name)}" for name in ENTITY_COLUMNS]
    for key in keys:
        greatest = _without(source.spark_prefix, f"MAX(CASE WHEN key = {spark_string(key)} THEN value END)")
        selected.append(f"CAST({greatest} AS STRING) AS {spark_identifier(columns[key])}")
    where = f"WHERE entity1 = {spark_string(entity1)}"
    return f"SELECT {', '.join(selected)} FROM {source.spark} {where} GROUP BY {_GROUPS}"


def _athena_chunked(source: Source, entity1: str, keys: Sequence[str], columns: Mapping[str, str]) -> str:
    """All values of a key in an array, and its greatest: taken once for a map, since each further function of a column
    takes its share of the planning. Pairs are collected as they come and made a map at the end, where `multimap_agg`
    would look up each row among all entities and keys. Which range a row belongs to is asked of its key alone: Trino
    answers that once for each different key of a page, and makes pairs of the rows of those ranges that are read.
    """
    values, maps, within = [], [], []
    greatest = _without(source.athena_prefix, "array_max(y)")
    for number, some in enumerate(key_ranges(keys)):
        within.append(f"key BETWEEN {athena_string(some[0])} AND {athena_string(some[-1])} AS r{number}")
        pairs = f"array_agg(IF(r{number}, ROW(k, v))) FILTER (WHERE r{number} AND v IS NOT NULL)"
        maps.append(f"transform_values(multimap_from_entries({pairs}), (x, y) -> {greatest}) AS m{number}")
        for key in some:
            values.append(f"element_at(m{number},{athena_string(key)}) {athena_identifier(columns[key])}")
    entity = athena_string(entity1)
    casts = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in _OTHERS)
    return (
        f"SELECT CAST({entity} AS VARCHAR) AS entity1, {_OTHER_GROUPS}, {','.join(values)} FROM "
        f"(SELECT {_OTHER_GROUPS}, {', '.join(maps)} FROM "
        f"(SELECT {casts}, key AS k, CAST(value AS VARCHAR) AS v, {', '.join(within)} "
        f"FROM {source.athena} WHERE entity1 = {entity}) GROUP BY {_OTHER_GROUPS})"
    )


def _spark_chunked(source: Source, entity1: str, keys: Sequence[str], columns: Mapping[str, str]) -> str:
    """Pairs sorted from the greatest down, so that the first of a key has its greatest value (NULL sorts last). The
    values begin with a NULL for keys that are not there, whose position is 0. Maps would refuse a key that comes twice,
    and what drops it first takes longer than finding it by position. The range of a row is found once, not asked for
    each; and entity1, which is the same in all rows, takes no part in the sorting by entity.

    No column's name begins with a digit, so that none is taken for an array: inside an index Spark prefers the columns
    that stand before it in the same list (lateral column aliases) to those of the query below.
    """
    values, arrays, lists, ends = [], [], [], []
    for number, some in enumerate(key_ranges(keys)):
        ends.append(f"WHEN key <= {spark_string(some[-1])} THEN {number}")
        lists.append(f"sort_array(collect_list(struct(k, v)) FILTER (WHERE r = {number}), false) AS a{number}")
        arrays.append(f"a{number}.k AS {number}k, concat(array(NULL), a{number}.v) AS {number}v")
        for key in some:
            value = _without(source.spark_prefix, f"{number}v[array_position({number}k,{spark_string(key)})]")
            values.append(f"{value} {spark_identifier(columns[key])}")
    ranged = f"CASE WHEN key < {spark_string(keys[0])} THEN NULL {' '.join(ends)} END"
    entity = spark_string(entity1)
    casts = ", ".join(f"CAST({name} AS STRING) AS {name}" for name in _OTHERS)
    return (
        f"SELECT {entity} AS entity1, {_OTHER_GROUPS}, {','.join(values)} FROM "
        f"(SELECT {_OTHER_GROUPS}, {', '.join(arrays)} FROM (SELECT {_OTHER_GROUPS}, {', '.join(lists)} FROM "
        f"(SELECT {casts}, key AS k, CAST(value AS STRING) AS v, {ranged} AS r "
        f"FROM {source.spark} WHERE entity1 = {entity}) GROUP BY {_OTHER_GROUPS}))"
    )


def _without(prefix: int, text: str) -> str:
    return f"substr({text},{prefix + 1})" if prefix else text
