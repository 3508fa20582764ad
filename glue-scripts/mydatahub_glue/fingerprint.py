"""Order-independent fingerprint of a view, as Spark SQL.

A cell is `-` when NULL, else its length in code points, `:` and the value as text (`text_of`). The value columns
(those after entity1..entity4), in view order, are cut into groups of 100. For group g (from 0) of a row the text is
`g;` + the cells of entity1..entity4 + the cells of the group; h is its SHA-256 in lower-case hex. d1 is the sum
over all rows and groups of the integer in hex digits 1-15 of h, d2 that of digits 16-30; the fingerprint is
`d1-d2`, and `0-0` for a view without rows. `src/lake/fingerprint.ts` says the same in Trino's SQL;
`test/vectors/fingerprint.json` holds both to it.
"""

from collections.abc import Mapping, Sequence

from mydatahub_glue.naming import ENTITY_COLUMNS
from mydatahub_glue.quoting import spark_identifier

COLUMNS_IN_GROUP = 100


def column_groups(columns: Sequence[str]) -> list[list[str]]:
    """The value columns in groups of 100; one empty group when there are none.

    Raises ValueError when the columns do not begin with entity1..entity4.
    """
    if tuple(columns[: len(ENTITY_COLUMNS)]) != ENTITY_COLUMNS:
        raise ValueError(f"a view begins with {', '.join(ENTITY_COLUMNS)}; this one with {columns[:4]}")
    values = list(columns[len(ENTITY_COLUMNS) :])
    return [values[i : i + COLUMNS_IN_GROUP] for i in range(0, len(values), COLUMNS_IN_GROUP)] or [[]]


def text_of(column: str, of: str) -> str:
    """Spark SQL: a value of the type `of` (Spark's name) as the text that Athena's CAST to varchar gives."""
    name = spark_identifier(column)
    if of == "string":
        return name
    if of.startswith("decimal"):
        # Spark's own CAST would write 0.00000001 as 1E-8.
        scale = of.removesuffix(")").partition(",")[2]
        return f"replace(format_number({name}, {scale}), ',', '')"
    return f"CAST({name} AS STRING)"


def fingerprint_query(view: str, schema: Mapping[str, str]) -> str:
    """Spark SQL with one row: `n` (rows), `d1` and `d2` (DECIMAL).

    `view` is an SQL name, `schema` column -> type (Spark's name) in view order.
    """
    groups = column_groups(list(schema))
    hashes = ", ".join(f"{_group_hash(g, group, schema)} AS h{g}" for g, group in enumerate(groups))
    sums = (
        " + ".join(
            f"COALESCE(SUM(CAST(conv(substring(h{g}, {first}, 15), 16, 10) AS DECIMAL(20,0))), 0)"
            for g in range(len(groups))
        )
        for first in (1, 16)
    )
    d1, d2 = (f"CAST({total} AS DECIMAL(38,0))" for total in sums)
    return f"SELECT COUNT(*) AS n, {d1} AS d1, {d2} AS d2 FROM (SELECT {hashes} FROM {view})"


def hashed_rows_query(view: str, schema: Mapping[str, str], limit: int) -> str:
    """Spark SQL: `row_hash`, then all columns as texts; the first `limit` by hash.

    The hash is that of entity1..entity4 alone, then that of the row's first group, so both engines give the same
    entities first. The order is total: a view has one row for each entity1..entity4.
    """
    names = ", ".join(text_of(column, of) for column, of in schema.items())
    entity, first = (_group_hash(0, group, schema) for group in ([], column_groups(list(schema))[0]))
    return f"SELECT concat({entity}, {first}) AS row_hash, {names} FROM {view} ORDER BY row_hash LIMIT {limit}"


def _group_hash(group: int, columns: Sequence[str], schema: Mapping[str, str]) -> str:
    cells = ", ".join(_cell(text_of(column, schema[column])) for column in (*ENTITY_COLUMNS, *columns))
    return f"sha2(concat('{group};', {cells}), 256)"


def _cell(text: str) -> str:
    return f"IF({text} IS NULL, '-', concat(CAST(char_length({text}) AS STRING), ':', {text}))"
