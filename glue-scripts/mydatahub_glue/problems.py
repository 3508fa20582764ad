"""All that is wrong with a source file: the reader stops at the first breach, a person wants to mend them all."""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from mydatahub_glue.breach import SOURCE_COLUMNS, Breach, ContractError
from mydatahub_glue.judgement import additional_columns, judged
from mydatahub_glue.record import Field, OpenRecordError, RunawayRecordError, read_record

NAMED = 20


@dataclass
class Problems:
    """The first problems in file order, and how many `more` were found before the file became unreadable or ended."""

    named: list[Breach] = field(default_factory=list)
    more: int = 0

    def add(self, breach: Breach) -> None:
        if len(self.named) < NAMED:
            self.named.append(breach)
        else:
            self.more += 1


def find_problems(chunks: Iterable[bytes], merge: bool) -> Problems:
    """All problems up to the first after which nothing can be judged, such as a quote that is never closed.

    `merge`: additional columns are allowed. Memory does not grow with the file.
    """
    search = _Search(merge)
    try:
        search.through(chunks)
    except ContractError as error:
        search.problems.add(error.breach)
    return search.problems


class _Search:
    def __init__(self, merge: bool) -> None:
        self.problems = Problems()
        self._merge = merge
        self._text = ""
        self._line = 1  # physical line at which self._text begins
        self._enough = 0
        self._width = 0  # of the records; 0 before the header
        self._records = 0

    def through(self, chunks: Iterable[bytes]) -> None:
        for text in self._decoded(chunks):
            self._text += text
            if len(self._text) >= self._enough:
                self._read(final=False)
        self._read(final=True)
        if not self._width:
            raise ContractError(Breach("EMPTY_FILE", 1, 1))
        if self._records == 0:
            raise ContractError(Breach("NO_ROWS", 2, 1))

    def _decoded(self, chunks: Iterable[bytes]) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        at_start = True
        for chunk in chain(chunks, (None,)):
            try:
                text = decoder.decode(chunk or b"", final=chunk is None)
            except UnicodeDecodeError as error:
                valid = error.object[: error.start].decode()
                self._text += valid.removeprefix("\ufeff") if at_start else valid
                self._read(final=False)
                raise ContractError(self._not_utf8()) from error
            if at_start and text:
                at_start = False
                text = text.removeprefix("\ufeff")
            yield text

    def _read(self, final: bool) -> None:
        at = 0
        while at < len(self._text):
            try:
                record = read_record(self._text, at, self._line, final)
            except OpenRecordError:
                break
            except RunawayRecordError as runaway:
                self._judge(runaway.fields)
                raise
            self._judge(record.fields)
            at, self._line = record.end, record.line
        self._text = self._text[at:]
        # An unfinished record is read again from its start: only when it has doubled, so that the work stays linear.
        self._enough = 2 * len(self._text)

    def _judge(self, fields: tuple[Field, ...]) -> None:
        if not self._width:
            self._width = len(SOURCE_COLUMNS) + len(additional_columns(fields, self._merge))
            return
        self._records += 1
        try:
            judged(fields, self._width)
        except ContractError as error:
            self.problems.add(error.breach)

    def _not_utf8(self) -> Breach:
        try:
            if self._text:
                read_record(self._text, 0, self._line, final=False)
        except OpenRecordError as end:
            return Breach("NOT_UTF8", end.line, end.column)
        return Breach("NOT_UTF8", self._line, 1)
