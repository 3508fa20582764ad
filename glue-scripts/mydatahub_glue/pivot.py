"""The SQL of an entity view, in both dialects: same columns, same order, all of them texts."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from mydatahub_glue.naming import ENTITY_COLUMNS
from mydatahub_glue.quoting import athena_identifier, athena_string, spark_identifier, spark_string


@dataclass(frozen=True)
class ViewSql:
    """`columns` in view order; `athena` and `spark` are the SELECT that each engine gets."""

    columns: tuple[str, ...]
    athena: str
    spark: str

    @property
    def hash(self) -> str:
        """SHA-256 over both texts: what tells a changed view from an unchanged one."""
        return hashlib.sha256(f"{self.athena}\n\0\n{self.spark}".encode()).hexdigest()


def view_sql(database: str, table: str, entity1: str, columns: Mapping[str, str]) -> ViewSql:
    """The pivot of one entity1: a row for each entity1..entity4, a column for each key of `columns` (key -> column).

    Columns follow the UTF-8 byte order of the keys. Of several values of one key in one row the greatest in byte
    order is taken. An empty text stays an empty text; a key without a value is NULL.
    """
    keys = sorted(columns)  # code points: the order of the UTF-8 bytes
    athena = [_athena_column(name, athena_identifier(name)) for name in ENTITY_COLUMNS]
    spark = [_spark_column(name, spark_identifier(name)) for name in ENTITY_COLUMNS]
    for key in keys:
        athena.append(_athena_column(_athena_value(key), athena_identifier(columns[key])))
        spark.append(_spark_column(_spark_value(key), spark_identifier(columns[key])))
    groups = ", ".join(ENTITY_COLUMNS)
    return ViewSql(
        columns=(*ENTITY_COLUMNS, *(columns[key] for key in keys)),
        athena=f"SELECT {', '.join(athena)} FROM {athena_identifier(database)}.{athena_identifier(table)} "
        f"WHERE entity1 = {athena_string(entity1)} GROUP BY {groups}",
        spark=f"SELECT {', '.join(spark)} FROM {spark_identifier(database)}.{spark_identifier(table)} "
        f"WHERE entity1 = {spark_string(entity1)} GROUP BY {groups}",
    )


def _athena_value(key: str) -> str:
    return f"MAX(CASE WHEN key = {athena_string(key)} THEN value END)"


def _athena_column(expression: str, name: str) -> str:
    return f"CAST({expression} AS VARCHAR) AS {name}"


def _spark_value(key: str) -> str:
    return f"MAX(CASE WHEN key = {spark_string(key)} THEN value END)"


def _spark_column(expression: str, name: str) -> str:
    return f"CAST({expression} AS STRING) AS {name}"
