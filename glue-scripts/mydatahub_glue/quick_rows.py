"""Rows of many records at once, by Arrow's reader, where nothing about them is in doubt.

Arrow's reader is lenient (it takes a quote inside an unquoted field, text after a closing quote, a lone carriage return
as a line break, a byte-order mark where it begins), so what it would read in its own way is found before it is asked.
https://arrow.apache.org/docs/python/csv.html
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from mydatahub_glue.breach import FIELD_LIMIT, REQUIRED_COLUMNS

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_COMMA, _LINE_FEED, _RETURN, _QUOTE = (ord(c) for c in ',\n\r"')


class QuickRows(NamedTuple):
    """`end`: index in the data after the last record that was read."""

    rows: pa.RecordBatch
    end: int


def quick_rows(data: bytes, columns: tuple[str, ...]) -> QuickRows | None:
    """All complete records of `data`, which begins with a record; None when a closer look is needed."""
    if data.startswith(_BYTE_ORDER_MARK) or b"\0" in data:
        return None
    quoted = b'"' in data
    end = _end_of_quoted(data) if quoted else _end_of_plain(data)
    if not end:
        return None
    try:
        table = csv.read_csv(
            pa.BufferReader(pa.py_buffer(data).slice(0, end)),
            csv.ReadOptions(column_names=list(columns), block_size=end + 1, use_threads=False),
            csv.ParseOptions(quote_char='"' if quoted else False, newlines_in_values=quoted, ignore_empty_lines=False),
            csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None
    batch = table.combine_chunks().to_batches()
    if len(batch) != 1 or not _within_limits(batch[0]):
        return None
    return QuickRows(batch[0], end)


def _end_of_plain(data: bytes) -> int:
    """Index after the last complete record of data without quotes; 0 when there is none or a lone carriage return."""
    end = data.rfind(b"\n") + 1
    return end if data.count(b"\r", 0, end) == data.count(b"\r\n", 0, end) else 0


def _end_of_quoted(data: bytes) -> int:
    """The same for data with quotes; 0 also when a quote stands where none may.

    Quotes open and close in turn, a doubled one being a closing and an opening one side by side. That is right as long
    as each opening one follows a delimiter or its double, and each closing one precedes such.
    """
    content = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(content == _QUOTE)
    end = _after_last_line_break(data, quotes)
    if not end:
        return 0
    quotes = quotes[: np.searchsorted(quotes, end)]
    opening, closing = quotes[0::2], quotes[1::2]
    before = content[opening[opening > 0] - 1]
    after, second = content[closing + 1], content[np.minimum(closing + 2, end - 1)]
    opens_well = np.isin(before, (_COMMA, _LINE_FEED, _QUOTE)).all()
    closes_well = np.isin(after, (_COMMA, _LINE_FEED, _QUOTE)) | ((after == _RETURN) & (second == _LINE_FEED))
    if not (opens_well and closes_well.all()):
        return 0
    returns = np.flatnonzero(content[:end] == _RETURN)
    lone = returns[content[returns + 1] != _LINE_FEED]
    return 0 if (np.searchsorted(quotes, lone) % 2 == 0).any() else end


def _after_last_line_break(data: bytes, quotes: npt.NDArray[np.intp]) -> int:
    """Index after the last line feed outside quotes; 0 when there is none."""
    end = len(data)
    while end:
        at = data.rfind(b"\n", 0, end)
        count = int(np.searchsorted(quotes, at))
        if at < 0 or count % 2 == 0:
            return at + 1
        end = int(quotes[count - 1])
    return 0


def _within_limits(rows: pa.RecordBatch) -> bool:
    for name, column in zip(rows.schema.names, rows.columns, strict=True):
        sizes = pc.min_max(pc.binary_length(column))
        if sizes["max"].as_py() > FIELD_LIMIT or (name in REQUIRED_COLUMNS and sizes["min"].as_py() == 0):
            return False
    return True
