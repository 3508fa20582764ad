"""The statements about multi-dialect views that open-source Spark does not know, taken apart.

Grammar: Amazon EMR and AWS Glue documentation, "Working with AWS Glue Data Catalog views".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from pyspark.errors import AnalysisException

# Backquoted names, literals with Spark's backslash escapes, comments, words and single signs.
_TOKEN = re.compile(
    r"""\s+|--[^\n]*|/\*.*?\*/|(?P<token>`(?:``|[^`])+`|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\w+|[^\w\s])""",
    re.DOTALL,
)


@dataclass(frozen=True)
class ViewStatement:
    """`name` as its parts. `query` is the text after AS, empty for those without one."""

    action: Literal["CREATE", "ADD", "UPDATE", "DROP DIALECT", "DROP VIEW"]
    name: list[str]
    query: str = ""
    or_replace: bool = False
    if_not_exists: bool = False
    if_exists: bool = False
    force: bool = False
    dry_run: bool = False
    columns: list[str] = field(default_factory=list)


def parse(text: str) -> ViewStatement | None:
    """None for every other statement. Raises AnalysisException for one of these with a mistake in it."""
    tokens = _Tokens(text)
    if tokens.take("CREATE"):
        replace = tokens.take("OR", "REPLACE")
        if not tokens.take("PROTECTED", "MULTI", "DIALECT", "VIEW"):
            return None
        return _create(tokens, replace)
    if tokens.take("ALTER", "VIEW"):
        return _alter(tokens)
    if tokens.take("DROP", "VIEW"):
        if_exists = tokens.take("IF", "EXISTS")
        name = tokens.name()
        tokens.end()
        return ViewStatement("DROP VIEW", name, if_exists=if_exists)
    return None


def _create(tokens: "_Tokens", replace: bool) -> ViewStatement:
    if_not_exists = tokens.take("IF", "NOT", "EXISTS")
    name = tokens.name()
    columns = _columns(tokens) if tokens.take("(") else []
    while not tokens.take("SECURITY", "DEFINER"):
        if tokens.take("COMMENT"):
            tokens.next()
        elif tokens.take("TBLPROPERTIES", "("):
            tokens.skip_parentheses()
        else:
            raise tokens.mistake("SECURITY DEFINER")
    dry_run = tokens.take("SHOW", "VIEW", "JSON")
    return ViewStatement(
        "CREATE",
        name,
        tokens.query(),
        or_replace=replace,
        if_not_exists=if_not_exists,
        dry_run=dry_run,
        columns=columns,
    )


def _alter(tokens: "_Tokens") -> ViewStatement | None:
    name = tokens.name()
    force = tokens.take("FORCE")
    if tokens.take("ADD", "DIALECT"):
        return ViewStatement("ADD", name, tokens.query(), force=force)
    if tokens.take("UPDATE", "DIALECT"):
        return ViewStatement("UPDATE", name, tokens.query(), force=force)
    if tokens.take("DROP", "DIALECT"):
        tokens.end()
        return ViewStatement("DROP DIALECT", name)
    return None


def _columns(tokens: "_Tokens") -> list[str]:
    columns = []
    while True:
        columns.append(_plain(tokens.next()))
        if tokens.take("COMMENT"):
            tokens.next()
        if tokens.take(")"):
            return columns
        if not tokens.take(","):
            raise tokens.mistake(", or ) in the list of columns")


class _Tokens:
    def __init__(self, text: str) -> None:
        self._text = text
        self._found: list[tuple[str, int]] = list(_scan(text))
        self._at = 0

    def take(self, *words: str) -> bool:
        """Moves over these words, if they are what comes next."""
        ahead = [token.upper() for token, _ in self._found[self._at : self._at + len(words)]]
        if ahead != list(words):
            return False
        self._at += len(words)
        return True

    def next(self) -> str:
        if self._at == len(self._found):
            raise self.mistake("more")
        self._at += 1
        return self._found[self._at - 1][0]

    def name(self) -> list[str]:
        parts = [_plain(self.next())]
        while self.take("."):
            parts.append(_plain(self.next()))
        return parts

    def query(self) -> str:
        """The text after AS, as it was written."""
        if not self.take("AS") or self._at == len(self._found):
            raise self.mistake("AS and a query")
        text = self._text[self._found[self._at][1] :].rstrip()
        return text.removesuffix(";").rstrip()

    def skip_parentheses(self) -> None:
        depth = 1
        while depth > 0:
            token = self.next()
            depth += (token == "(") - (token == ")")

    def end(self) -> None:
        self.take(";")
        if self._at < len(self._found):
            raise self.mistake("the end of the statement")

    def mistake(self, expected: str) -> AnalysisException:
        if self._at < len(self._found):
            token, position = self._found[self._at]
            where = f"'{token}' at character {position + 1}"
        else:
            where = "the end of the statement"
        return AnalysisException(f"[PARSE_SYNTAX_ERROR] Syntax error at {where}: expected {expected}.")


def replaced_catalog(text: str, catalog: str, other: str) -> str:
    """The text with the first part of names like catalog.database.table replaced; texts and comments stay."""
    found = list(_scan(text))
    result, end = "", 0
    for (token, position), (after, _) in pairwise(found):
        if _plain(token).lower() == catalog and after == ".":
            result += text[end:position] + other
            end = position + len(token)
    return result + text[end:]


def _scan(text: str) -> Iterator[tuple[str, int]]:
    for match in _TOKEN.finditer(text):
        if match["token"]:
            yield match["token"], match.start()


def _plain(name: str) -> str:
    return name[1:-1].replace("``", "`") if name.startswith("`") else name
