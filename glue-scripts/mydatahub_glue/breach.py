"""Where and how a source file breaks the contract, in the words that `mydatahub validate` uses too."""

import json
from collections.abc import Callable
from dataclasses import dataclass

SOURCE_COLUMNS = ("entity1", "entity2", "entity3", "entity4", "key", "value")
REQUIRED_COLUMNS = ("entity1", "key")
HEADER_LINE = ",".join(SOURCE_COLUMNS)

# Longest value of one field, in bytes of the unquoted text.
FIELD_LIMIT = 1024 * 1024

# code -> (column's name, the code's own fact) -> (problem, cure); the texts of src/lake/contract/breach.ts
_TEXTS: dict[str, Callable[[str, str], tuple[str, str]]] = {
    "EMPTY_FILE": lambda _, __: (
        "the file is empty",
        f"begin it with the line {HEADER_LINE} and at least one record, or delete the file",
    ),
    "HEADER": lambda column, found: (
        f"the header is not {HEADER_LINE}: {found} stands where {column} is expected",
        f"make the first line exactly {HEADER_LINE} (lower case, this order, commas, no spaces)",
    ),
    "ADDITIONAL_COLUMN": lambda column, found: (
        f"{found} cannot be the name of the additional column in {column}",
        "begin with a lower-case letter, go on with lower-case letters, digits and _, up to 127; give each name once, "
        "none of source_file, source_sha256 and ingested_at; 100 columns at most",
    ),
    "NO_ROWS": lambda _, __: (
        "there is no record after the header",
        "add at least one record, or delete the file",
    ),
    "NOT_UTF8": lambda column, _: (
        f"{column} holds bytes that are not UTF-8",
        'save the file as UTF-8 (a file from Excel: "CSV UTF-8"; else: iconv -f WINDOWS-1252 -t UTF-8)',
    ),
    "NUL": lambda column, _: (
        f"{column} holds a NUL byte",
        "remove the NUL byte; if there is one after every character, the file is UTF-16: save it as UTF-8",
    ),
    "FIELD_COUNT": lambda _, found: (
        f"the record has {found}",
        "write a field for each column in each record; put a value that holds a comma or a line break in double quotes",
    ),
    "EMPTY_LINE": lambda _, __: (
        "the line is empty",
        "remove the empty line; if it belongs to a value, put that value in double quotes",
    ),
    "EMPTY_REQUIRED": lambda column, _: (
        f"{column} is empty",
        f"give {column} a text, or remove the record: each record must say its entity1 and its key",
    ),
    "QUOTE_IN_UNQUOTED": lambda column, _: (
        f"{column} holds a double quote but does not begin with one",
        'put the whole value in double quotes and double each quote inside: 5" pipe becomes "5"" pipe"',
    ),
    "TEXT_AFTER_QUOTE": lambda column, _: (
        f"text follows the closing quote of {column}",
        "after a closing quote write a comma or end the line; double each quote that belongs to the value",
    ),
    "UNCLOSED_QUOTE": lambda column, _: (
        f"the double quote that opens {column} is never closed",
        "close the value with a double quote; double each quote that belongs to the value",
    ),
    "LONE_CR": lambda column, _: (
        f"a carriage return without a line feed in or after {column}",
        "end records with LF or CRLF; put a value that holds a carriage return in double quotes",
    ),
    "FIELD_TOO_LARGE": lambda column, _: (
        f"{column} is longer than 1 MiB",
        "shorten the value to 1,048,576 bytes; if it should be short, look for a quote that is not closed",
    ),
}


@dataclass(frozen=True)
class Breach:
    """`line`: 1-based physical line (line feeds counted) where the offending field begins; `column`: 1-based field."""

    code: str
    line: int
    column: int
    detail: str = ""

    @property
    def problem(self) -> str:
        return self._text()[0]

    @property
    def cure(self) -> str:
        return self._text()[1]

    def at(self, path: str) -> str:
        """What a person reads: file, line, column, problem and cure."""
        problem, cure = self._text()
        return f"{path}: line {self.line}, column {self.column}: {problem}. To cure it: {cure}."

    def _text(self) -> tuple[str, str]:
        known = self.column <= len(SOURCE_COLUMNS)
        name = SOURCE_COLUMNS[self.column - 1] if known else f"field {self.column}"
        return _TEXTS[self.code](name, self.detail)


class ContractError(Exception):
    """A source file breaks the contract; its first breach."""

    def __init__(self, breach: Breach) -> None:
        super().__init__(breach.at("the file"))
        self.breach = breach


def header_detail(cell: str | None) -> str:
    """The cell found in the header, as HEADER's message shows it."""
    if cell is None:
        return "nothing"
    return json.dumps(cell if len(cell) <= 40 else cell[:40] + "…", ensure_ascii=False)
