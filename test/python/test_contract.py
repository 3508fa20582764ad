"""The contract of a source file, as the ingestion job reads it."""

import hashlib
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mydatahub_glue.breach import FIELD_LIMIT, HEADER_LINE, SOURCE_COLUMNS, Breach, ContractError
from mydatahub_glue.contract import Row, SourceFile, check_source_file, columns_of
from mydatahub_glue.problems import find_problems
from mydatahub_glue.quick_rows import quick_rows
from mydatahub_glue.record import OpenRecordError, read_record

VECTORS = Path(__file__).parents[1] / "vectors" / "contract"
EXPECTED = json.loads((VECTORS / "expected.json").read_text())
HEADER = HEADER_LINE.encode() + b"\n"


def pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[i : i + size] for i in range(0, len(content), size))


def rows_of(content: bytes, size: int = 1 << 20) -> list[Row]:
    """The rows when `size` bytes at a time arrive and are looked at."""
    batches = SourceFile(pieces(content, size), block=size).batches()
    return [tuple(row.values()) for batch in batches for row in batch.to_pylist()]


def outcome(content: bytes, size: int) -> list[Row] | Breach:
    try:
        return rows_of(content, size)
    except ContractError as error:
        return error.breach


def plainly_read(content: bytes) -> list[Row] | Breach:
    """The records by `read_record` alone, without any shortcut; for UTF-8 without the judgement of whole records."""
    text, at, line = content.decode(), 0, 1
    records = []
    try:
        while at < len(text):
            record = read_record(text, at, line, final=True)
            records.append(tuple(field.value for field in record.fields))
            at, line = record.end, record.line
    except ContractError as error:
        return error.breach
    return records[1:]


@pytest.mark.parametrize("name", EXPECTED["valid"])
def test_a_valid_file_is_read_with_its_rows_and_digest(name: str) -> None:
    want = EXPECTED["valid"][name]
    content = (VECTORS / name).read_bytes()
    facts = check_source_file(pieces(content, 1 << 16))
    assert (facts.rows, facts.sha256, facts.size) == (want["rows"], want["sha256"], len(content))
    if "records" in want:
        assert [list(row) for row in rows_of(content)] == want["records"]


@pytest.mark.parametrize("name", EXPECTED["broken"])
def test_a_broken_file_is_refused_at_line_and_column(name: str) -> None:
    want = EXPECTED["broken"][name]
    with pytest.raises(ContractError) as refused:
        check_source_file([(VECTORS / name).read_bytes()])
    breach = refused.value.breach
    assert (breach.code, breach.line, breach.column) == (want["code"], want["line"], want["column"])
    assert breach.cure in breach.at(name)


@pytest.mark.parametrize("block", [7, 1 << 20])
@pytest.mark.parametrize("name", EXPECTED["merge_valid"])
def test_additional_columns_are_read_where_they_are_allowed(name: str, block: int) -> None:
    want = EXPECTED["merge_valid"][name]
    content = (VECTORS / name).read_bytes()
    file = SourceFile(pieces(content, 5), block=block, merge=True)
    rows = [list(row.values()) for batch in file.batches() for row in batch.to_pylist()]
    assert rows == want["records"]
    assert file.facts is not None and (file.facts.rows, file.facts.sha256) == (want["rows"], want["sha256"])
    assert len(file.columns) == len(want["records"][0])
    assert columns_of([content], merge=True) == file.columns


@pytest.mark.parametrize("name", EXPECTED["merge_broken"])
def test_a_broken_file_with_additional_columns_is_refused_at_line_and_column(name: str) -> None:
    want = EXPECTED["merge_broken"][name]
    content = (VECTORS / name).read_bytes()
    with pytest.raises(ContractError) as refused:
        check_source_file([content], merge=True)
    breach = refused.value.breach
    assert (breach.code, breach.line, breach.column) == (want["code"], want["line"], want["column"])
    assert find_problems([content], merge=True).named[0] == breach


@pytest.mark.parametrize("name", EXPECTED["broken"])
def test_all_problems_of_a_broken_file_begin_with_the_one_that_refuses_it(name: str) -> None:
    content = (VECTORS / name).read_bytes()
    for size in (3, 1 << 20):
        if len(content) > 5000 and size == 3:
            continue
        found = find_problems(pieces(content, size), merge=False)
        with pytest.raises(ContractError) as refused:
            check_source_file([content])
        assert (found.named[0], found.more) == (refused.value.breach, 0)


@pytest.mark.parametrize("name", EXPECTED["valid"])
def test_a_valid_file_has_no_problems(name: str) -> None:
    assert find_problems(pieces((VECTORS / name).read_bytes(), 1 << 16), merge=False).named == []


def test_the_first_twenty_problems_are_named_and_the_others_counted() -> None:
    good, bad = b"a,b,c,d,k,v\n", b"a,b,c\n"
    found = find_problems([HEADER + (good + bad) * 50 + b'a,b,c,d,k,"open\n'], merge=False)
    assert [breach.line for breach in found.named] == list(range(3, 43, 2))
    assert found.more == 31


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7])
def test_where_chunks_are_cut_makes_no_difference(size: int) -> None:
    small = [p for p in sorted(VECTORS.glob("*.csv")) if p.stat().st_size < 5000]
    assert len(small) > 50
    for path in small:
        content = path.read_bytes()
        assert outcome(content, size) == outcome(content, 1 << 20), path.name


def test_shortcuts_read_what_the_plain_reader_reads() -> None:
    """Random records of odd characters, cut at random places, come out the same with and without shortcuts."""
    dice = random.Random(20240607)
    alphabet = [
        "a",
        "b",
        ",",
        '"',
        "\n",
        "\r",
        "\r\n",
        '""',
        "é",
        "🐧",
        " ",
        "\ufeff",
        "\u2028",
        "\x85",
        "\x1c",
        "${x}",
        "\\",
    ]
    valid = broken = 0
    for _ in range(4000):
        records = []
        for _ in range(dice.randint(1, 4)):
            fields = []
            for index in range(6):
                value = "".join(dice.choices(alphabet, k=dice.randint(0, 4)))
                quoted = dice.random() < 0.4 or (any(c in value for c in ',"\r\n') and dice.random() < 0.97)
                if index in (0, 4):
                    value = value or "k"
                fields.append('"' + value.replace('"', '""') + '"' if quoted else value)
            records.append(",".join(fields))
        content = HEADER + dice.choice(["\n", "\r\n"]).join(records).encode() + dice.choice([b"", b"\n", b"\r\n"])
        want = plainly_read(content)
        got = outcome(content, dice.choice([1, 3, 8, 1 << 20]))
        if isinstance(got, Breach) and got.code in ("FIELD_COUNT", "EMPTY_LINE", "EMPTY_REQUIRED"):
            continue
        assert got == want, content
        valid += isinstance(got, list)
        broken += isinstance(got, Breach)
    assert valid > 1000 and broken > 100


@pytest.mark.parametrize(
    "record",
    [
        b"a,b,c,d,k,v\n",
        b"a,,,,k,\r\n",
        b'a,"b, ""c""\r\n",,"",k,"""\n"""\n',
        "a,\ufeff,\u2028,'; DROP TABLE x --,select,NULL\n".encode(),
    ],
    ids=["plain", "empty fields", "quoted", "odd texts"],
)
def test_records_beyond_doubt_are_read_many_at_once(record: bytes) -> None:
    """All complete records are taken, the unfinished one is left, and the values are those of the plain reader."""
    quick = quick_rows(record * 1000 + record[:-3], SOURCE_COLUMNS)
    assert quick is not None and quick.end == 1000 * len(record)
    assert [tuple(row.values()) for row in quick.rows.to_pylist()] == plainly_read(HEADER + record * 1000)


@pytest.mark.parametrize(
    "record",
    [
        b"\xef\xbb\xbfa,b,c,d,k,v\n",
        b'a,b"c,c,d,k,v\n',
        b'a,"b"c,c,d,k,v\n',
        b'a,"b"\r,c,d,k,v\n',
        b"a,b\rc,c,d,k,v\n",
        b'a,"",b\rc,d,k,v\n',
        b"a,b,c,d,k\n",
        b"a,b,c,d,k,v,w\n",
        b"\n",
        b",b,c,d,k,v\n",
        b"a,b,c,d,,v\n",
        b"a,b,c,d,k,\xff\n",
        b"a,b,c,d,k,\0\n",
        b"a,b,c,d,k," + b"v" * (FIELD_LIMIT + 1) + b"\n",
    ],
)
def test_a_record_in_doubt_is_left_to_a_closer_look(record: bytes) -> None:
    assert quick_rows(record + b"a,b,c,d,k,v\n", SOURCE_COLUMNS) is None


def test_written_values_come_back_byte_for_byte() -> None:
    dice = random.Random(7)
    alphabet = [chr(c) for c in range(1, 300)] + [
        "\u2028",
        "\ufeff",
        "\ufffd",
        "😀",
        "\U0010ffff",
        '"',
        ",",
        "\r\n",
    ]
    rows = [
        tuple(("x" if i in (0, 4) else "") + "".join(dice.choices(alphabet, k=dice.randint(0, 30))) for i in range(6))
        for _ in range(2000)
    ]
    content = HEADER + "\n".join(",".join('"' + v.replace('"', '""') + '"' for v in row) for row in rows).encode()
    assert rows_of(content) == rows
    assert rows_of(content, 97) == rows


def test_six_fields_of_one_mib_of_quotes_are_read() -> None:
    field = '"' * FIELD_LIMIT
    content = HEADER + ",".join(['"' + field * 2 + '"'] * 6).encode()
    assert rows_of(content) == [(field,) * 6]
    longer = HEADER + ("a,b,c,d,k," + '"' + field * 2 + '"""').encode()
    assert outcome(longer, 1 << 20) == Breach("FIELD_TOO_LARGE", 2, 6)


def test_a_field_is_measured_in_bytes_of_its_value() -> None:
    assert rows_of(HEADER + b"a,b,c,d,k," + "é".encode() * (FIELD_LIMIT // 2))[0][5] == "é" * (FIELD_LIMIT // 2)
    over = HEADER + b"a,b,c,d,k,\n" + b'a,b,c,d,k,"\n' + "é".encode() * (FIELD_LIMIT // 2) + b'"\n'
    assert outcome(over, 1 << 20) == Breach("FIELD_TOO_LARGE", 3, 6)


def test_bad_bytes_after_a_long_open_record_are_found_where_they_are() -> None:
    """A long record is not read again for every chunk; a breach behind it is still told at its own place."""
    content = HEADER + b'a,b,c,d,k,"' + b"x" * 900_000 + b'"\n' + b'a,"' + b"y" * 900_000 + b'",c,d,k,v\na,b,\xff'
    for size in (1 << 20, 300_001):
        assert outcome(content, size) == Breach("NOT_UTF8", 4, 3)


@pytest.mark.parametrize(
    ("content", "breach"),
    [
        (b"a," * 3_000_000, Breach("FIELD_COUNT", 2, 7, "1000 fields where 6 are expected")),
        (b"x" * 30_000_000, Breach("FIELD_TOO_LARGE", 2, 1)),
        (b'a,b,c,d,k,"' + b"x\n" * 15_000_000, Breach("FIELD_TOO_LARGE", 2, 6)),
    ],
    ids=["a line without end", "a field without end", "a quote that is never closed"],
)
def test_garbage_without_end_is_refused_early(content: bytes, breach: Breach) -> None:
    """What never ends is refused when it is beyond the limits, not when it is all in memory."""
    read = 0

    def counted() -> Iterator[bytes]:
        nonlocal read
        for piece in pieces(HEADER + content, 1 << 20):
            read += len(piece)
            yield piece

    with pytest.raises(ContractError) as refused:
        check_source_file(counted())
    assert refused.value.breach == breach
    assert read <= 5 << 20


def test_a_million_rows_take_seconds() -> None:
    plain = b"penguins,Adelie,Torgersen,1,body_mass_g,3750\n" * 100_000
    quoted = b'penguins,"Adelie, or ""so""",Torgersen,1,"body mass",3750\r\n' * 100_000
    start = time.perf_counter()
    facts = check_source_file(pieces(HEADER + plain + quoted, 1 << 20))
    assert facts.rows == 200_000
    assert facts.sha256 == hashlib.sha256(HEADER + plain + quoted).hexdigest()
    assert time.perf_counter() - start < 10


def test_an_open_record_says_where_it_ends() -> None:
    with pytest.raises(OpenRecordError) as still_open:
        read_record('a,"b\n', 0, 7, final=False)
    assert (still_open.value.line, still_open.value.column) == (7, 2)
