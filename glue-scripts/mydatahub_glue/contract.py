"""The contract of a source file: the strict streaming reader through which every row of the table comes.

`src/lake/contract` refuses and accepts the same files; `test/vectors/contract` holds both to it. Reading and
validating are one: what passes is what comes out, byte for byte. Memory does not grow with the file.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from mydatahub_glue.breach import FIELD_LIMIT, SOURCE_COLUMNS, Breach, ContractError
from mydatahub_glue.judgement import additional_columns, judged
from mydatahub_glue.quick_rows import quick_rows
from mydatahub_glue.record import OpenRecordError, RunawayRecordError, read_record

Row = tuple[str, ...]

# Bytes that are looked at together: much more than a record, little beside a worker's memory.
BLOCK = 4 << 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_KEY = SOURCE_COLUMNS.index("key")
# A record so short cannot hold a field over the limit, whatever its characters.
_SURELY_SHORT = FIELD_LIMIT // 4

_FIELD = r'("[^"\0]*(?:""[^"\0]*)*"|[^",\r\n\0]*)'


@dataclass(frozen=True)
class FileFacts:
    """`sha256` (lower-case hex) and `size` (bytes) are of the whole file; `rows` without the header."""

    sha256: str
    rows: int
    size: int


class SourceFile:
    """One pass over the bytes of a source file. `facts` is there when `batches` has been used up.

    `block`: bytes that are looked at together. `merge`: columns after the six are allowed; `columns` names them all
    once the header is read.
    """

    def __init__(self, chunks: Iterable[bytes], block: int = BLOCK, merge: bool = False) -> None:
        self._chunks = chunks
        self._block = block
        self._hash = hashlib.sha256()
        self._size = 0
        self._unread = b""
        self._line = 1  # physical line at which self._unread begins
        self._at_start = True
        self._merge = merge
        self._header_seen = False
        self._rows = 0
        self.columns: tuple[str, ...] = SOURCE_COLUMNS
        self.facts: FileFacts | None = None

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Rows as columns of texts, in file order. Raises ContractError at the first breach."""
        for final in self._blocks():
            for rows in self._read(final):
                self._rows += rows.num_rows
                yield rows
        if not self._header_seen:
            raise ContractError(Breach("EMPTY_FILE", 1, 1))
        if self._rows == 0:
            raise ContractError(Breach("NO_ROWS", 2, 1))
        self.facts = FileFacts(self._hash.hexdigest(), self._rows, self._size)

    def _blocks(self) -> Iterator[bool]:
        """Puts into self._unread what is worth a look; whether the file ends with it."""
        waiting: list[bytes] = []
        size = 0
        for chunk in self._chunks:
            self._hash.update(chunk)
            self._size += len(chunk)
            waiting.append(chunk)
            size += len(chunk)
            # An unfinished record is read again from its start: only when it has doubled, so that the work is linear.
            if size >= max(self._block, len(self._unread)):
                self._unread = b"".join([self._unread, *waiting])
                waiting, size = [], 0
                yield False
        self._unread = b"".join([self._unread, *waiting])
        yield True

    def _read(self, final: bool) -> Iterator[pa.RecordBatch]:
        """Rows of all records in self._unread that are complete; the unfinished one stays."""
        if self._at_start and (final or len(self._unread) >= len(_BYTE_ORDER_MARK)):
            self._unread = self._unread.removeprefix(_BYTE_ORDER_MARK)
            self._at_start = False
        if not self._header_seen:
            self._read_header(final)
        if not self._header_seen:
            return
        quick = quick_rows(self._unread, self.columns)
        if quick is not None:
            self._advance(quick.end)
            yield quick.rows
        if quick is None or final:
            yield from self._closely_read(final)

    def _advance(self, size: int) -> None:
        self._line += self._unread.count(b"\n", 0, size)
        self._unread = self._unread[size:]

    def _read_header(self, final: bool) -> None:
        text, bad_bytes = _decoded(self._unread, final)
        if not text and not bad_bytes:
            return
        try:
            record = read_record(text, 0, 1, final and not bad_bytes)
        except OpenRecordError as end:
            if bad_bytes:
                raise ContractError(Breach("NOT_UTF8", end.line, end.column)) from end
            return
        except RunawayRecordError as runaway:
            additional_columns(runaway.fields, self._merge)
            raise
        self.columns = SOURCE_COLUMNS + additional_columns(record.fields, self._merge)
        self._header_seen = True
        self._advance(len(text[: record.end].encode()))

    def _closely_read(self, final: bool) -> Iterator[pa.RecordBatch]:
        """Rows of the records one by one, up to an unfinished one or the breach."""
        text, bad_bytes = _decoded(self._unread, final)
        rows, end = self._rows_of(text, final and not bad_bytes)
        if rows:
            yield _batch(rows, self.columns)
        self._advance(len(text[:end].encode()))
        if bad_bytes:
            raise ContractError(self._not_utf8(text[end:]))

    def _not_utf8(self, text: str) -> Breach:
        try:
            if text:
                read_record(text, 0, self._line, final=False)
        except OpenRecordError as end:
            return Breach("NOT_UTF8", end.line, end.column)
        return Breach("NOT_UTF8", self._line, 1)

    def _rows_of(self, text: str, final: bool) -> tuple[list[Row], int]:
        """Rows of the complete records, and the index after the last of them. Raises ContractError at a breach."""
        at = 0
        rows: list[Row] = []
        complete = _complete_record(len(self.columns))
        while at < len(text):
            match = complete.match(text, at)
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
                judged(runaway.fields, len(self.columns))
                raise
            rows.append(judged(record.fields, len(self.columns)))
            at = record.end
        return rows, at


@cache
def _complete_record(width: int) -> re.Pattern[str]:
    """A complete record of so many fields, each group a field as it stands in the file.

    What does not match is not necessarily wrong: it may be unfinished. `read_record` decides.
    """
    return re.compile(",".join([_FIELD] * width) + r"\r?\n")


def _decoded(data: bytes, final: bool) -> tuple[str, bool]:
    """The text up to the first bytes that are not UTF-8, and whether there are such; a character may be unfinished."""
    try:
        return data.decode(), False
    except UnicodeDecodeError as error:
        unfinished = not final and error.end == len(data) and error.reason == "unexpected end of data"
        return data[: error.start].decode(), not unfinished


def _batch(rows: list[Row], names: tuple[str, ...]) -> pa.RecordBatch:
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return pa.RecordBatch.from_arrays(columns, list(names))


def _unquoted(fields: Row) -> Row:
    return tuple(f[1:-1].replace('""', '"') if f.startswith('"') else f for f in fields)


def check_source_file(chunks: Iterable[bytes], merge: bool = False) -> FileFacts:
    """Reads all of a source file and keeps nothing. Raises ContractError at the first breach."""
    file = SourceFile(chunks, merge=merge)
    for _ in file.batches():
        pass
    assert file.facts is not None
    return file.facts


def columns_of(chunks: Iterable[bytes], merge: bool) -> tuple[str, ...]:
    """The columns of a source file, of which no more is read than its first records need. Raises ContractError."""
    file = SourceFile(chunks, merge=merge)
    next(file.batches(), None)
    return file.columns
