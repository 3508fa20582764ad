"""The types that a value may be given, and which texts are values of them: the same ones in both engines.

Each text is tried by a pattern before it is cast, because the engines' own casts take different ones (Spark trims
blanks and takes `t`, Trino takes `1e5`). What a pattern does not take is NULL. Patterns are anchored by \\A and \\z,
which both engines know; `$` would let a line break at the end pass.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from mydatahub_glue.quoting import spark_string

_DECIMAL = re.compile(r"decimal\((\d{1,2}),(\d{1,2})\)")
_MOST_DIGITS = 38
_TRUE, _FALSE = "[Tt][Rr][Uu][Ee]|[Yy][Ee][Ss]|1", "[Ff][Aa][Ll][Ss][Ee]|[Nn][Oo]|0"
# 18 digits, not 19: every such number fits BIGINT, so that no cast can overflow.
_INTEGER = "[+-]?[0-9]{1,18}"
# The year 0000 is no year of the calendar. The days of a month are left to the calendar of TRY_CAST.
_DATE = "(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"


@dataclass(frozen=True)
class ValueType:
    """`name`: as views.yml has it. `glue`: the Data Catalog's and Spark's name of the type."""

    name: str
    glue: str
    athena: str

    @property
    def is_text(self) -> bool:
        return self.glue == "string"

    def athena_cast(self, text: str) -> str:
        """Athena's SQL: the value of `text`, an SQL expression of type varchar; NULL for what is none."""
        return self._cast(text, self.athena, lambda pattern: f"regexp_like({text},'\\A(?:{pattern})\\z')")

    def spark_cast(self, text: str) -> str:
        """Spark's SQL: as `athena_cast`."""
        return self._cast(text, self.glue.upper(), lambda pattern: _rlike(text, pattern))

    def spark_accepts(self, text: str) -> str:
        """Spark's SQL: whether the `text` is a value of this type. NULL for NULL."""
        if self.glue == "date":
            return f"IF({_rlike(text, _DATE)}, TRY_CAST({text} AS DATE) IS NOT NULL, {text} IS NULL AND NULL)"
        return _rlike(text, f"{_TRUE}|{_FALSE}" if self.glue == "boolean" else self._pattern)

    def _cast(self, text: str, sql_type: str, matches: Callable[[str], str]) -> str:
        if self.is_text:
            return text
        if self.glue == "boolean":
            return f"CASE WHEN {matches(_TRUE)} THEN TRUE WHEN {matches(_FALSE)} THEN FALSE END"
        cast = "TRY_CAST" if self.glue == "date" else "CAST"
        return f"CASE WHEN {matches(self._pattern)} THEN {cast}({text} AS {sql_type}) END"

    @property
    def _pattern(self) -> str:
        if self.glue == "date":
            return _DATE
        decimal = _DECIMAL.fullmatch(self.glue)
        if decimal is None:
            return _INTEGER
        precision, scale = int(decimal[1]), int(decimal[2])
        # Never more digits than the type holds: nothing is rounded and nothing overflows.
        fraction = f"(?:[.][0-9]{{1,{scale}}})?" if scale else ""
        return f"[+-]?[0-9]{{1,{precision - scale}}}{fraction}"


TEXT = ValueType("text", "string", "VARCHAR")
INTEGER = ValueType("integer", "bigint", "BIGINT")
_PLAIN = {
    "text": TEXT,
    "integer": INTEGER,
    "boolean": ValueType("boolean", "boolean", "BOOLEAN"),
    "date": ValueType("date", "date", "DATE"),
}


def value_type(name: str) -> ValueType:
    """From `text`, `integer`, `decimal(P,S)`, `boolean` or `date`. Raises ValueError for anything else."""
    if name in _PLAIN:
        return _PLAIN[name]
    decimal = _DECIMAL.fullmatch(name.replace(" ", ""))
    if decimal is None or not 0 <= int(decimal[2]) < int(decimal[1]) <= _MOST_DIGITS:
        raise ValueError(
            f"{name!r} is no type; the types are {', '.join(_PLAIN)} and decimal(P,S) with 0 <= S < P <= {_MOST_DIGITS}"
        )
    glue = f"decimal({int(decimal[1])},{int(decimal[2])})"
    return ValueType(glue, glue, glue.upper())


def _rlike(text: str, pattern: str) -> str:
    anchored = spark_string(rf"\A(?:{pattern})\z")
    return f"{text} RLIKE {anchored}"
