"""Expressions over a view's columns: written once, in Athena's SQL, and carried to both dialects by sqlglot.

Only what gives the same answer in both engines is let through. What the engines do differently is written out for them:
a number with a point is a DECIMAL (Athena takes it for a DOUBLE), a division has six decimal places and gives NULL for
the divisor 0 (Spark has other places, Athena fails), `%` likewise. `substr` from outside the text is empty, and
`replace` of the empty text changes nothing (Spark begins at the nearest character, Athena has it between any two).
`date_add` beyond the years 1 to 9999 is NULL (either engine goes on, and writes such a date in another way).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from re import fullmatch
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.generators.spark import SparkGenerator
from sqlglot.generators.trino import TrinoGenerator

from mydatahub_glue.quoting import spark_string
from mydatahub_glue.value_types import ValueType

_LONGEST_INTEGER = 18
# Spark takes positions and lengths in a text, and numbers of days, by their lowest 32 bits.
_DIGITS_OF_32_BITS = 10
_ALLOWED: tuple[type[exp.Expr], ...] = (
    *(exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Var),
    *(exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between),
    *(exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Like, exp.RegexpLike),
    *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.Abs, exp.Round, exp.Floor, exp.Ceil),
    *(exp.DPipe, exp.Concat, exp.Lower, exp.Upper, exp.Length, exp.Substring, exp.Replace, exp.StrPosition),
    *(exp.StartsWith, exp.Year, exp.Month, exp.Day, exp.DateDiff, exp.DateAdd, exp.Cast, exp.DataType),
)
_KNOWN = "docs/custom-views.md lists what is known"


class ExpressionError(ValueError):
    """An expression that cannot be carried to both engines; the text says what is wrong with it."""


@dataclass(frozen=True)
class Expression:
    """One expression in both dialects, and the columns that it reads."""

    athena: str
    spark: str
    columns: frozenset[str]


@cache
def carried(text: str) -> Expression:
    """Raises ExpressionError when `text` is no expression, or has something that is not the same in both engines."""
    try:
        tree: Any = sqlglot.parse_one(text, read="trino")
    except SqlglotError as error:
        told = getattr(error, "errors", None) or [{"description": str(error)}]
        raise ExpressionError(f"it cannot be read as an SQL expression: {told[0]['description']}") from error
    for node in tree.walk():
        _refuse(node)
    columns = frozenset(column.name for column in tree.find_all(exp.Column))
    same = _written_out(tree)
    return Expression(_Athena().generate(same), _Spark().generate(same), columns)


def typed(expression: Expression, wanted: ValueType) -> tuple[str, str]:
    """Athena's and Spark's SQL of the expression as a value of this type.

    Numbers are rounded half up, and NULL where the type is too small. A text is never made a number here: the check
    of the types before publishing refuses it, and likewise what is no text, date or boolean where one is declared.
    """
    athena, spark = expression.athena, expression.spark
    if wanted.glue == "bigint":
        return f"TRY_CAST(ROUND({athena}) AS BIGINT)", f"TRY_CAST(ROUND({spark}) AS BIGINT)"
    if wanted.glue.startswith("decimal"):
        places = wanted.glue.removesuffix(")").partition(",")[2]
        rounded = "TRY_CAST(ROUND({}, {}) AS {})"
        return rounded.format(athena, places, wanted.athena), rounded.format(spark, places, wanted.athena)
    return (f"CAST({athena} AS VARCHAR)" if wanted.is_text else athena), spark


def unknown(expression: Expression, columns: Collection[str]) -> list[str]:
    """The columns that the expression reads and that are not there, in order."""
    return sorted(expression.columns - set(columns))


def _refuse(node: Any) -> None:
    if type(node) not in _ALLOWED:
        written = node.sql("trino")[:100]
        raise ExpressionError(f"{written} is not known to mean the same in both engines; {_KNOWN}")
    if isinstance(node, exp.Column) and node.table:
        raise ExpressionError(f"{node.sql('trino')} has a point; columns are named without view or table")
    if isinstance(node, exp.In) and not node.expressions:
        raise ExpressionError("IN takes a list of values")
    if isinstance(node, exp.Is) and not isinstance(node.expression, exp.Null):
        raise ExpressionError("IS takes NULL and NOT NULL")
    if isinstance(node, exp.Like) and not node.expression.is_string:
        raise ExpressionError("LIKE takes a pattern in quotes")
    if isinstance(node, exp.Literal):
        _refuse_literal(node)
    if isinstance(node, exp.Cast):
        _refuse_cast(node)
    if isinstance(node, exp.DateAdd):
        _refuse_days(node.expression)
    if isinstance(node, exp.Var) and node.name.upper() != "DAY":
        raise ExpressionError(f"date_diff and date_add take 'day', not {node.name!r}")


def _refuse_literal(node: Any) -> None:
    if node.is_string:
        if "\\" in node.this and isinstance(node.parent, exp.Like):
            raise ExpressionError(r"LIKE with a \ is another pattern in each engine; use regexp_like")
    elif not node.this.replace(".", "", 1).isdigit() or len(node.this) > _LONGEST_INTEGER:
        raise ExpressionError(f"{node.this} is no number of at most {_LONGEST_INTEGER} digits, with or without a point")


def _refuse_days(days: Any) -> None:
    if days.is_string and not fullmatch("[+-]?[0-9]{1,18}", days.this):
        raise ExpressionError(f"date_add takes a number of days, not {days.this!r}")


def _refuse_cast(node: Any) -> None:
    literal = node.this
    if not (isinstance(literal, exp.Literal) and literal.is_string and node.to.is_type("date")):
        raise ExpressionError("CAST is not for expressions: give the key a type by `cast`, or the column by `type`")
    try:
        is_date = date.fromisoformat(literal.this).isoformat() == literal.this
    except ValueError:
        is_date = False
    if not is_date:
        raise ExpressionError(f"DATE '{literal.this}' is no date YYYY-MM-DD")


_ZERO = exp.Literal.number(0)


def _written_out(tree: Any) -> Any:
    """The same operations in the form that both engines take for the same. Changes the tree, from its leaves on."""
    root = exp.Paren(this=tree)
    for node in reversed(list(root.find_all(*_WRITTEN_OUT))):
        written_out = _WRITTEN_OUT[type(node)](node)
        if written_out is not None:
            node.replace(written_out)
    return root.this


def _quotient(node: Any) -> Any:
    return exp.cast(
        exp.Div(this=_six_places(node.this), expression=_not_zero(_six_places(node.expression))), "DECIMAL(24,6)"
    )


def _remainder(node: Any) -> Any:
    return exp.Mod(this=node.this, expression=_not_zero(node.expression))


def _part(node: Any) -> Any:
    part = node.copy()
    text, start, length = part.this, part.args.get("start"), part.args.get("length")
    whole = exp.Length(this=text.copy())
    if length is not None and not _is_small(length):
        longer = exp.If(this=exp.GT(this=length, expression=whole), true=whole)
        negative = exp.If(this=exp.LT(this=length, expression=_ZERO), true=_ZERO)
        part = exp.Substring(this=text, start=start, length=exp.Case(ifs=[longer, negative], default=length)).copy()
    if start is None or (_is_small(start) and start.name != "0"):
        return part
    outside = [
        exp.EQ(this=start, expression=_ZERO),
        exp.GT(this=start, expression=whole),
        exp.LT(this=start, expression=exp.Neg(this=whole)),
    ]
    nothing = exp.Substring(this=text, start=exp.Literal.number(1), length=_ZERO)
    return exp.Paren(this=exp.Case(ifs=[exp.If(this=exp.or_(*outside), true=nothing)], default=part)).copy()


def _is_small(number: Any) -> bool:
    """Whether it is a number that is written there, and one of 32 bits."""
    return isinstance(number, exp.Literal) and not number.is_string and len(number.name) < _DIGITS_OF_32_BITS


def _later(node: Any) -> Any:
    day, days = node.this.copy(), node.expression.copy()
    if days.is_string:
        days = exp.Literal.number(int(days.this))
    first, last = (
        exp.DateDiff(this=exp.cast(exp.Literal.string(end), "DATE"), expression=day, unit=exp.var("DAY"))
        for end in (date.min.isoformat(), date.max.isoformat())
    )
    is_date = exp.Between(this=days, low=first, high=last)
    then = exp.DateAdd(this=day, expression=days, unit=exp.var("DAY"))
    return exp.Paren(this=exp.Case(ifs=[exp.If(this=is_date, true=then)])).copy()


def _condition(node: Any) -> Any:
    if isinstance(node.parent, exp.Case) or node.args.get("false") is not None:
        return None
    written_out = node.copy()
    written_out.set("false", exp.Null())
    return written_out


def _replaced(node: Any) -> Any:
    if node.expression.is_string and node.expression.name:
        return None
    unchanged = exp.EQ(this=node.expression.copy(), expression=exp.Literal.string(""))
    return exp.Paren(this=exp.Case(ifs=[exp.If(this=unchanged, true=node.this.copy())], default=node.copy()))


_WRITTEN_OUT: dict[type[exp.Expr], Callable[[Any], Any]] = {
    exp.Div: _quotient,
    exp.Mod: _remainder,
    exp.Substring: _part,
    exp.Replace: _replaced,
    exp.DateAdd: _later,
    exp.If: _condition,
}


def _six_places(number: Any) -> Any:
    """So many digits that neither engine shortens the quotient's scale: 12 before the point and 6 behind it."""
    rounded = exp.Round(this=number, decimals=exp.Literal.number(6))
    return exp.TryCast(this=rounded, to=exp.DataType.build("DECIMAL(18,6)"))


def _not_zero(divisor: Any) -> Any:
    return exp.Nullif(this=divisor, expression=exp.Literal.number(0))


def _athena_date_add(self: Any, node: Any) -> str:
    """Without the CAST by which sqlglot lets Athena take texts and fractions for days."""
    return str(self.func("DATE_ADD", exp.Literal.string("DAY"), node.expression, node.this))


def _spark_date_add(self: Any, node: Any) -> str:
    """Spark takes days as INT alone; `_later` has seen to it that they are."""
    return str(self.func("DATE_ADD", node.this, exp.TryCast(this=node.expression, to=exp.DataType.build("INT"))))


_ATHENA_TRANSFORMS = {**TrinoGenerator.TRANSFORMS, exp.DateAdd: _athena_date_add}
# sqlglot writes CAST where it does not know that the argument of TRY_CAST is a text.
_SPARK_TRANSFORMS = {
    **{kind: how for kind, how in SparkGenerator.TRANSFORMS.items() if kind is not exp.TryCast},
    exp.DateAdd: _spark_date_add,
}


class _Athena(TrinoGenerator):
    TRANSFORMS = _ATHENA_TRANSFORMS

    def __init__(self) -> None:
        super().__init__(dialect="trino", identify=True, comments=False)

    def literal_sql(self, expression: exp.Literal) -> str:
        is_decimal = not expression.is_string and "." in expression.this
        return f"DECIMAL '{expression.this}'" if is_decimal else super().literal_sql(expression)


class _Spark(SparkGenerator):
    TRANSFORMS = _SPARK_TRANSFORMS

    def __init__(self) -> None:
        super().__init__(dialect="spark", identify=True, comments=False)

    def literal_sql(self, expression: exp.Literal) -> str:
        return spark_string(expression.this) if expression.is_string else super().literal_sql(expression)

    def trycast_sql(self, expression: exp.TryCast) -> str:
        return f"TRY_CAST({self.sql(expression, 'this')} AS {self.sql(expression, 'to')})"
