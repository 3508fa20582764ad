"""The contract of a source file: the strict streaming reader through which every row of the table comes.

`src/lake/contract` refuses and accepts the same files; `test/vectors/contract` holds both to it. Reading and
validating are one: what passes is what comes out, byte for byte. Memory does not grow with the file.
"""

import codecs
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mydatahub_glue.breach import FIELD_LIMIT, SOURCE_COLUMNS, Breach, ContractError, header_detail
from mydatahub_glue.record import Field, OpenRecordError, RunawayRecordError, read_record

Row = tuple[str, ...]

_WIDTH = len(SOURCE_COLUMNS)
_KEY = SOURCE_COLUMNS.index("key")
# A record so short cannot hold a field over the limit, whatever its characters.
_SURELY_SHORT = FIELD_LIMIT // 4

# A complete record of six fields, each group a field as it stands in the file. What does not match is not
# necessarily wrong: it may be unfinished. `read_record` decides.
_FIELD = r'("[^"\0]*(?:""[^"\0]*)*"|[^",\r\n\0]*)'
_RECORD = re.compile(",".join([_FIELD] * _WIDTH) + r"\r?\n")


@dataclass(frozen=True)
class FileFacts:
    """`sha256` (lower-case hex) and `size` (bytes) are of the whole file; `rows` without the header."""

    sha256: str
    rows: int
    size: int


class SourceFile:
    """One pass over the bytes of a source file. `facts` is there when `batches` has been used up."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self._hash = hashlib.sha256()
        self._size = 0
        self._text = ""
        self._line = 1  # physical line at which self._text begins
        self._enough = 0  # characters that self._text must have before it is worth another look
        self._header_seen = False
        self._rows = 0
        self.facts: FileFacts | None = None

    def batches(self) -> Iterator[list[Row]]:
        """Rows of six texts, some thousand at a time, in file order. Raises ContractError at the first breach."""
        for text in self._decoded():
            self._text += text
            yield from self._parsed(final=False)
        yield from self._parsed(final=True)
        if not self._header_seen:
            raise ContractError(Breach("EMPTY_FILE", 1, 1))
        if self._rows == 0:
            raise ContractError(Breach("NO_ROWS", 2, 1))
        self.facts = FileFacts(self._hash.hexdigest(), self._rows, self._size)

    def _decoded(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        at_start = True
        for chunk in self._hashed_chunks():
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                valid = error.object[: error.start].decode()
                self._enough = 0
                yield valid.removeprefix("\ufeff") if at_start else valid
                raise ContractError(self._not_utf8()) from error
            if at_start and text:
                at_start = False
                text = text.removeprefix("\ufeff")
            if text:
                yield text

    def _hashed_chunks(self) -> Iterator[bytes]:
        """The chunks that are not empty, then an empty one for the end."""
        for chunk in self._chunks:
            self._hash.update(chunk)
            self._size += len(chunk)
            if chunk:
                yield chunk
        yield b""

    def _not_utf8(self) -> Breach:
        line, column = self._line, 1
        try:
            if self._text:
                read_record(self._text, 0, self._line, final=False)
        except OpenRecordError as end:
            line, column = end.line, end.column
        return Breach("NOT_UTF8", line, column)

    def _parsed(self, final: bool) -> Iterator[list[Row]]:
        """Rows of all records in self._text that are complete; the unfinished one stays."""
        if len(self._text) < self._enough and not final:
            return
        if not self._header_seen and self._text:
            self._read_header(final)
        if not self._header_seen:
            return
        rows = self._plain_rows()
        rows += self._other_rows(final)
        # An unfinished record is read again from its start: only when it has doubled, so that the work stays linear.
        self._enough = 2 * len(self._text) if len(self._text) > FIELD_LIMIT else 0
        if rows:
            self._rows += len(rows)
            yield rows

    def _read_header(self, final: bool) -> None:
        try:
            record = read_record(self._text, 0, self._line, final)
        except OpenRecordError:
            return
        except RunawayRecordError as runaway:
            _check_header(runaway.fields)
            raise
        _check_header(record.fields)
        self._header_seen = True
        self._text, self._line = self._text[record.end :], record.line

    def _plain_rows(self) -> list[Row]:
        """Rows of the complete lines if these are beyond doubt: no quote in them, six fields each. Else nothing."""
        end = self._text.rfind("\n") + 1
        body = self._text[:end]
        if not body or '"' in body or "\0" in body:
            return []
        if "\r" in body:
            body = body.replace("\r\n", "\n")
            if "\r" in body:
                return []
        lines = body.split("\n")
        lines.pop()
        if max(map(len, lines)) > _SURELY_SHORT:
            return []
        rows = [tuple(line.split(",")) for line in lines]
        if not all(len(row) == _WIDTH and row[0] and row[_KEY] for row in rows):
            return []
        self._text = self._text[end:]
        self._line += len(rows)
        return rows

    def _other_rows(self, final: bool) -> list[Row]:
        """Rows of the records with quotes, of the last one of the file, and the breach if there is one."""
        text, at = self._text, 0
        rows: list[Row] = []
        while at < len(text):
            match = _RECORD.match(text, at)
            row = _unquoted(match.groups()) if match and match.end() - at <= _SURELY_SHORT else None
            if match and row and row[0] and row[_KEY]:
                rows.append(row)
                at = match.end()
                continue
            line = self._line + text.count("\n", 0, at)
            try:
                record = read_record(text, at, line, final)
            except OpenRecordError:
                break
            except RunawayRecordError as runaway:
                _judged(runaway.fields)
                raise
            rows.append(_judged(record.fields))
            at = record.end
        self._line += text.count("\n", 0, at)
        self._text = text[at:]
        return rows


def _unquoted(fields: Row) -> Row:
    return tuple(f[1:-1].replace('""', '"') if f.startswith('"') else f for f in fields)


def _check_header(fields: tuple[Field, ...]) -> None:
    for index in range(max(len(fields), _WIDTH)):
        cell = fields[index].value if index < len(fields) else None
        if cell != (SOURCE_COLUMNS[index] if index < _WIDTH else None):
            raise ContractError(Breach("HEADER", 1, index + 1, header_detail(cell)))


def _judged(fields: tuple[Field, ...]) -> Row:
    """The values of a record of six fields with entity1 and key. Raises ContractError for any other."""
    count = len(fields)
    if count == 1 and not fields[0].value and not fields[0].quoted:
        raise ContractError(Breach("EMPTY_LINE", fields[0].line, 1))
    if count != _WIDTH:
        found = "1 field" if count == 1 else f"{count} fields"
        line = fields[_WIDTH].line if count > _WIDTH else fields[0].line
        if count < _WIDTH:
            line = fields[-1].line
        raise ContractError(Breach("FIELD_COUNT", line, min(count, _WIDTH) + 1, found))
    for index in (0, _KEY):
        if not fields[index].value:
            raise ContractError(Breach("EMPTY_REQUIRED", fields[index].line, index + 1))
    return tuple(field.value for field in fields)


def check_source_file(chunks: Iterable[bytes]) -> FileFacts:
    """Reads all of a source file and keeps nothing. Raises ContractError at the first breach."""
    file = SourceFile(chunks)
    for _ in file.batches():
        pass
    assert file.facts is not None
    return file.facts
