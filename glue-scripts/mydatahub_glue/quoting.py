"""Any text as a literal or identifier of an SQL dialect."""

import re

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")

# Everything that Spark's lexer, its unescaping or its `${...}` substitution would not take as it stands.
_SPARK_SPECIAL = re.compile(r"['\\$\x00-\x1f\x7f]")


def spark_string(text: str) -> str:
    """A Spark SQL string literal with exactly this text.

    Spark joins adjacent literals, so a doubled quote would vanish: quotes are escaped by a backslash. `$` is
    written as an escape because Spark substitutes `${name}` in the statement before it parses it.
    https://spark.apache.org/docs/3.5.6/sql-ref-literals.html#string-literal
    """
    return "'" + _SPARK_SPECIAL.sub(_spark_escape, text) + "'"


def _spark_escape(match: re.Match[str]) -> str:
    character = match.group()
    return "\\" + character if character in "'\\" else f"\\u{ord(character):04x}"


def spark_identifier(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def athena_string(text: str) -> str:
    """A string literal of Athena's query engine (Trino): nothing but the quote is special."""
    return "'" + text.replace("'", "''") + "'"


def athena_identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def view_name(database: str, view: str) -> str:
    """The view in Athena's DDL, quoted only if it must be: ALTER VIEW's grammar for quotes is not documented."""
    return ".".join(part if _PLAIN.fullmatch(part) else athena_identifier(part) for part in (database, view))


def spark_view_name(database: str, view: str) -> str:
    """The view in the statements about multi-dialect views that Glue's Spark knows."""
    return ".".join(part if _PLAIN.fullmatch(part) else spark_identifier(part) for part in (database, view))
