"""One record of a source file, character by character: the contract (RFC 4180, strict) in its plainest form."""

import re
from dataclasses import dataclass

from mydatahub_glue.breach import FIELD_LIMIT, SOURCE_COLUMNS, Breach, ContractError

# Six fields of the greatest size, each quoted and made of doubled quotes; a record that is longer has too many.
_LONGEST_RECORD = len(SOURCE_COLUMNS) * (2 * FIELD_LIMIT + 3)
_MOST_FIELDS = 1000

# The inside of a quoted field, up to its closing quote, a NUL or the end of the text.
_QUOTED = re.compile(r'[^"\0]*(?:""[^"\0]*)*')
_ENDS_UNQUOTED = re.compile(r'[,"\r\n\0]')


@dataclass(frozen=True)
class Field:
    value: str
    line: int
    quoted: bool


@dataclass(frozen=True)
class Record:
    """`end`: index after the record's line break; `line`: the physical line that begins there."""

    fields: tuple[Field, ...]
    end: int
    line: int


class OpenRecordError(Exception):
    """The text ends inside the record; `line` and `column` of the field it ends in."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__(f"the record is still open at line {line}, column {column}")
        self.line = line
        self.column = column


class RunawayRecordError(Exception):
    """The record has far too many fields: reading on would only fill the memory. `fields`: those read."""

    def __init__(self, fields: tuple[Field, ...]) -> None:
        super().__init__(f"{len(fields)} fields and no end")
        self.fields = fields


def read_record(text: str, start: int, line: int, final: bool) -> Record:
    """The record that begins at `start`, on physical line `line`. `final`: the file ends where the text ends.

    Raises ContractError for a breach of quoting, NUL or size, OpenRecordError when more text is needed,
    RunawayRecordError when there is no end of fields in sight.
    How many fields there are, and which may be empty, is not judged here.
    """
    fields: list[Field] = []
    at = start
    while True:
        column = len(fields) + 1
        quoted = text.startswith('"', at)
        take = _quoted_value if quoted else _unquoted_value
        value, at = take(text, at, line, column, final)
        fields.append(Field(value, line, quoted))
        if text.startswith(",", at):
            at += 1
            line += value.count("\n")
            if len(fields) > len(SOURCE_COLUMNS) and (len(fields) >= _MOST_FIELDS or at - start > _LONGEST_RECORD):
                raise RunawayRecordError(tuple(fields))
            continue
        at = _after_line_break(text, at, line, column, final, quoted)
        return Record(tuple(fields), at, line + value.count("\n") + 1)


def _unquoted_value(text: str, at: int, line: int, column: int, final: bool) -> tuple[str, int]:
    found = _ENDS_UNQUOTED.search(text, at)
    end = found.start() if found else len(text)
    value = text[at:end]
    if _size(value) > FIELD_LIMIT:
        raise ContractError(Breach("FIELD_TOO_LARGE", line, column))
    if found is None:
        if not final:
            raise OpenRecordError(line, column)
    elif found.group() == '"':
        raise ContractError(Breach("QUOTE_IN_UNQUOTED", line, column))
    elif found.group() == "\0":
        raise ContractError(Breach("NUL", line, column))
    return value, end


def _quoted_value(text: str, at: int, line: int, column: int, final: bool) -> tuple[str, int]:
    found = _QUOTED.match(text, at + 1)
    assert found is not None, "the pattern matches an empty text"
    end = found.end()
    value = found.group().replace('""', '"')
    if _size(value) > FIELD_LIMIT:
        raise ContractError(Breach("FIELD_TOO_LARGE", line, column))
    if text.startswith("\0", end):
        raise ContractError(Breach("NUL", line, column))
    if text.startswith('"', end) and (final or end + 1 < len(text)):
        return value, end + 1
    if final:
        raise ContractError(Breach("UNCLOSED_QUOTE", line, column))
    raise OpenRecordError(line, column)


def _size(value: str) -> int:
    """Bytes in UTF-8."""
    return len(value) if value.isascii() else len(value.encode())


def _after_line_break(text: str, at: int, line: int, column: int, final: bool, quoted: bool) -> int:
    if text.startswith("\n", at):
        return at + 1
    if text.startswith("\r\n", at):
        return at + 2
    rest = text[at : at + 2]
    if not rest and final:
        return at
    if rest in ("", "\r") and not final:
        raise OpenRecordError(line, column)
    if rest[0] == "\r":
        raise ContractError(Breach("LONE_CR", line, column))
    if rest[0] == "\0":
        raise ContractError(Breach("NUL", line, column))
    assert quoted, "an unquoted value ends at a comma, a line break or the end"
    raise ContractError(Breach("TEXT_AFTER_QUOTE", line, column))
