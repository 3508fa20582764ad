"""The SQL of an entity view by the rules of views.yml: the pivot, wrapped, never another one.

From the inside: the rows of the table (with `repeated_values: latest` each value behind the time of its ingestion, so
that the greatest is the latest), the pivot, a level that makes values of texts, and a level with the extra columns, the
filter and the order. A level that nothing asks for is not there, and both engines prune columns through all of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mydatahub_glue.meant_column import meant_column
from mydatahub_glue.naming import ENTITY_COLUMNS
from mydatahub_glue.pivot import Form, Source, ViewSql, pivot_sql
from mydatahub_glue.quoting import athena_identifier, spark_identifier
from mydatahub_glue.value_types import TEXT, ValueType, value_type
from mydatahub_glue.view_rules import EntityRules, RuleError, Said

# What stands before each value of `latest`: of one length, and in the order of the times.
_ATHENA_TIME = "CAST(CAST(ingested_at AT TIME ZONE 'UTC' AS TIMESTAMP(6)) AS VARCHAR)"
_ATHENA_NEVER = "0000-00-00 00:00:00.000000"
_SPARK_TIME = "LPAD(CAST(COALESCE(unix_micros(ingested_at), 0) AS STRING), 20, '0')"
_SPARK_DIGITS = 20
_ROWS = f"SELECT {', '.join(ENTITY_COLUMNS)}, key,"


@dataclass(frozen=True)
class Probe:
    """A view with one expression alone: what finds the line that an engine refuses. `wanted`: None of the filter."""

    said: Said
    wanted: ValueType | None
    sql: ViewSql


@dataclass(frozen=True)
class CustomView:
    """`columns`: key -> column of all keys of the entity1, renamed. Raises RuleError where a rule cannot hold."""

    source: Source
    entity1: str
    columns: Mapping[str, str]
    rules: EntityRules
    form: Form

    def __post_init__(self) -> None:
        names = [*ENTITY_COLUMNS, *self.columns.values()]
        twice = {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else set()
        for key, said in self.rules.rename.items():
            if self.columns.get(key) in twice and said.text == self.columns[key]:
                other = next((k for k, column in self.columns.items() if column == said.text and k != key), said.text)
                raise RuleError(said.line, f"the key {key!r} cannot be named {said.text}: {other!r} has that name")
        for name, said in self.rules.columns.items():
            if name in names:
                raise RuleError(said.named, f"the extra column {name} has the name of another column of the view")

    def shown(self) -> list[str]:
        """The keys that have a column."""
        return sorted(key for key in self.columns if key not in self.rules.leave_out)

    def sql(self, keys: Iterable[str], first: bool = True) -> ViewSql:
        """The view of these keys; the `first` of several has the extra columns. Raises RuleError."""
        return self._sql(list(keys), self.rules.columns if first else {}, self.rules.filter)

    def probes(self, keys: Sequence[str]) -> list[Probe]:
        """One for each expression."""
        extra, filtered = self.rules.columns, self.rules.filter
        found = [
            Probe(said, value_type(said.type), self._sql(keys, {name: said}, None)) for name, said in extra.items()
        ]
        if filtered is not None:
            found.append(Probe(filtered, None, self._sql(keys, {}, filtered)))
        return found

    def _sql(self, keys: Sequence[str], extra: Mapping[str, Said], filtered: Said | None) -> ViewSql:
        read = _Reader(self.columns, self.rules.rename)
        athena_extra, spark_extra = read.extra(extra)
        athena_where, spark_where = read.where(filtered)
        key_of = {column: key for key, column in self.columns.items()}
        used = {*keys, *(key_of[name] for name in read.columns if name in key_of)}
        pivot = pivot_sql(self._rows(), self.entity1, {key: self.columns[key] for key in used}, self.form)
        types = {self.columns[key]: self._type(key) for key in used}
        valued = self._valued(pivot, types)
        types |= {name: value_type(said.type) for name, said in extra.items()}
        names = self._ordered([*(self.columns[key] for key in sorted(keys)), *extra])
        if [*ENTITY_COLUMNS, *names] == list(pivot.columns):
            athena, spark = valued.athena, valued.spark
            if filtered is not None:
                athena, spark = _level(["*"], athena), _level(["*"], spark)
        else:
            of_athena = (athena_extra.get(name, athena_identifier(name)) for name in names)
            of_spark = (spark_extra.get(name, spark_identifier(name)) for name in names)
            athena = _level([*ENTITY_COLUMNS, *of_athena], valued.athena)
            spark = _level([*ENTITY_COLUMNS, *of_spark], valued.spark)
        columns = (*ENTITY_COLUMNS, *names)
        comments = {name: said.text for name, said in self.rules.comments.items()}
        comments = {**{name: said.comment for name, said in extra.items() if said.comment}, **comments}
        return ViewSql(
            columns,
            athena + athena_where,
            spark + spark_where,
            tuple(types.get(name, TEXT).glue for name in columns),
            tuple(comments.get(name, "") for name in columns),
            self.rules.comment,
        )

    def _type(self, key: str) -> ValueType:
        said = self.rules.cast.get(key)
        return TEXT if said is None else value_type(said.text)

    def _rows(self) -> Source:
        if not self.rules.latest:
            return self.source
        athena = f"COALESCE({_ATHENA_TIME}, '{_ATHENA_NEVER}')"
        # Not `||`: Trino refuses a result of more than 1 MiB from it, which one value alone may have.
        athena = f"IF(value IS NOT NULL, array_join(ARRAY[{athena}, CAST(value AS VARCHAR)], ''))"
        return Source(
            f"({_ROWS} {athena} AS value FROM {self.source.athena})",
            f"({_ROWS} CONCAT({_SPARK_TIME}, value) AS value FROM {self.source.spark})",
            athena_prefix=len(_ATHENA_NEVER),
            spark_prefix=_SPARK_DIGITS,
        )

    def _valued(self, pivot: ViewSql, types: Mapping[str, ValueType]) -> ViewSql:
        """Values instead of texts; the pivot itself when every column is a text."""
        if all(of.is_text for of in types.values()):
            return pivot
        athena, spark = [*ENTITY_COLUMNS], [*ENTITY_COLUMNS]
        for name in pivot.columns[len(ENTITY_COLUMNS) :]:
            there, in_spark, of = athena_identifier(name), spark_identifier(name), types[name]
            athena.append(there if of.is_text else f"{of.athena_cast(there)} AS {there}")
            spark.append(in_spark if of.is_text else f"{of.spark_cast(in_spark)} AS {in_spark}")
        return replace(pivot, athena=_level(athena, pivot.athena), spark=_level(spark, pivot.spark))

    def _ordered(self, names: list[str]) -> list[str]:
        first = [said.text for said in self.rules.order if said.text in names]
        return [*dict.fromkeys(first), *(name for name in names if name not in first)]


class _Reader:
    """Carries expressions to both dialects; `columns` are those that they read. `there`: key -> column."""

    def __init__(self, there: Mapping[str, str], rename: Mapping[str, Said]) -> None:
        self._there = there
        self._names = {*ENTITY_COLUMNS, *there.values()}
        self._rename = rename
        self.columns: set[str] = set()

    def extra(self, extra: Mapping[str, Said]) -> tuple[dict[str, str], dict[str, str]]:
        athena, spark = dict[str, str](), dict[str, str]()
        for name, said in extra.items():
            in_athena, in_spark = self._read(said, value_type(said.type))
            athena[name] = f"{in_athena} AS {athena_identifier(name)}"
            spark[name] = f"{in_spark} AS {spark_identifier(name)}"
        return athena, spark

    def where(self, filtered: Said | None) -> tuple[str, str]:
        if filtered is None:
            return "", ""
        in_athena, in_spark = self._read(filtered, None)
        return f" WHERE {in_athena}", f" WHERE {in_spark}"

    def _read(self, said: Said, wanted: ValueType | None) -> tuple[str, str]:
        # sqlglot takes a second to load, which a lake without expressions need not wait for.
        from mydatahub_glue.expressions import ExpressionError, carried, typed, unknown

        try:
            expression = carried(said.text)
        except ExpressionError as error:
            raise RuleError(said.line, f"the expression {said.text!r}: {error}") from error
        missing = unknown(expression, self._names)
        if missing:
            hints = (meant_column(name, self._there, self._rename) for name in missing)
            reads = f"reads {', '.join(missing)}, which is no column here"
            meant = "".join(f"; {hint}" for hint in hints if hint)
            raise RuleError(said.line, f"the expression {said.text!r} {reads}{meant}")
        self.columns |= expression.columns
        return (expression.athena, expression.spark) if wanted is None else typed(expression, wanted)


def _level(columns: Iterable[str], inner: str) -> str:
    return f"SELECT {', '.join(columns)} FROM ({inner})"
