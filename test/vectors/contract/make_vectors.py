"""Writes the contract's test files and expected.json beside this script.

Each broken file states by hand the code, line and column a validator must report first; rows and cells of the
valid files are read back with Python's csv module, an implementation independent of both validators. Run
`npx biome format --write test/vectors/contract/expected.json` afterwards.
"""

import csv
import hashlib
import io
import json
from pathlib import Path

FOLDER = Path(__file__).parent
HEADER = b"entity1,entity2,entity3,entity4,key,value\n"
ROW = b"penguins,Adelie,Torgersen,1,mass,3750\n"
LIMIT = 1024 * 1024

VALID: dict[str, bytes] = {
    "plain.csv": HEADER + ROW + b"penguins,Adelie,Torgersen,1,year,2007\n",
    "no-final-line-break.csv": HEADER + ROW[:-1],
    "ends-with-empty-value.csv": HEADER + b"a,b,c,d,k,",
    "ends-with-closing-quote.csv": HEADER + b'a,b,c,d,k,"v"',
    "crlf.csv": (HEADER + ROW).replace(b"\n", b"\r\n"),
    "mixed-line-ends.csv": HEADER.replace(b"\n", b"\r\n") + ROW + ROW.replace(b"\n", b"\r\n"),
    "bom.csv": b"\xef\xbb\xbf" + HEADER + ROW,
    "bom-inside-is-data.csv": HEADER + b"a,b,c,d,k,\xef\xbb\xbfv\n",
    "bom-quoted-header.csv": b"\xef\xbb\xbf" + b'"entity1","entity2",entity3,entity4,"key","value"\n' + ROW,
    "quoted-commas-and-quotes.csv": HEADER + b'a,"b,c","d ""e""",f,k,"say ""hi"", twice"\n',
    "quoted-line-breaks.csv": HEADER + b'a,b,c,d,k,"one\r\ntwo\nthree\rfour"\n"a\n2",b,c,d,k,v\n',
    "quoted-only-quotes.csv": HEADER + b'a,b,c,d,k,""""\na,b,c,d,k,""""""\n',
    "empty-texts.csv": HEADER + b'a,,,,k,\na,"","","",k,""\n',
    "spaces-are-data.csv": HEADER + b" a , b,c ,\td, ,  \n",
    "unicode.csv": HEADER + "Größe,東京,🐧,e\u0301,\u2028line\u2029,\U0001f468\u200d\U0001f469 \uffff".encode() + b"\n",
    "looks-like-sql.csv": HEADER
    + b'\'; DROP TABLE x --,\\,${a},`,"""",\'\na,b,c,d,select,NULL\na,b,c,d,entity1,\\n\na,b,c,d,`,$1\n'
    + b"a,b,c,d,"
    + b"k" * 300
    + b",v\n",
    "control-characters.csv": HEADER + b"a,b,c,d,k,\x01\x0b\x0c\x1c\x7f\xc2\x85\n",
    "field-of-1-mib.csv": HEADER + b"a,b,c,d,k," + b"v" * LIMIT + b"\n",
    "quoted-field-of-1-mib.csv": HEADER + b'a,b,c,d,k,"' + b"v" * (LIMIT - 2) + b'""\n"\n',
}

# name -> (content, code, line, column)
BROKEN: dict[str, tuple[bytes, str, int, int]] = {
    "empty-file.csv": (b"", "EMPTY_FILE", 1, 1),
    "bom-only.csv": (b"\xef\xbb\xbf", "EMPTY_FILE", 1, 1),
    "header-only.csv": (HEADER, "NO_ROWS", 2, 1),
    "header-only-no-line-break.csv": (HEADER[:-1], "NO_ROWS", 2, 1),
    "header-wrong-name.csv": (HEADER.replace(b"entity3", b"entity_3") + ROW, "HEADER", 1, 3),
    "header-missing-column.csv": (HEADER.replace(b"entity4,", b"") + ROW, "HEADER", 1, 4),
    "header-missing-last.csv": (b"entity1,entity2,entity3,entity4,key\n" + ROW, "HEADER", 1, 6),
    "header-doubled.csv": (HEADER.replace(b"entity2", b"entity1") + ROW, "HEADER", 1, 2),
    "header-reordered.csv": (HEADER.replace(b"key,value", b"value,key") + ROW, "HEADER", 1, 5),
    "header-upper-case.csv": (HEADER.replace(b"key", b"Key") + ROW, "HEADER", 1, 5),
    "header-space.csv": (HEADER.replace(b"entity2", b" entity2") + ROW, "HEADER", 1, 2),
    "header-extra-column.csv": (HEADER.replace(b"value", b"value,unit") + ROW, "HEADER", 1, 7),
    "header-absent.csv": (ROW + ROW, "HEADER", 1, 1),
    "header-semicolons.csv": (HEADER.replace(b",", b";") + ROW.replace(b",", b";"), "HEADER", 1, 1),
    "header-after-empty-line.csv": (b"\n" + HEADER + ROW, "HEADER", 1, 1),
    "header-second-bom.csv": (b"\xef\xbb\xbf\xef\xbb\xbf" + HEADER + ROW, "HEADER", 1, 1),
    "latin1.csv": (HEADER + ROW + "a,b,c,d,Größe,1\n".encode("latin-1"), "NOT_UTF8", 3, 5),
    "utf8-overlong.csv": (HEADER + b"a,b,c,d,k,\xc0\xaf\n", "NOT_UTF8", 2, 6),
    "utf8-surrogate.csv": (HEADER + b"a,\xed\xa0\x80,c,d,k,v\n", "NOT_UTF8", 2, 2),
    "utf8-above-10ffff.csv": (HEADER + b"a,b,\xf4\x90\x80\x80,d,k,v\n", "NOT_UTF8", 2, 3),
    "utf8-stray-continuation.csv": (HEADER + b'a,b,c,d,"x\ny\x80",v\n', "NOT_UTF8", 2, 5),
    "utf8-cut-by-comma.csv": (HEADER + b"a,b\xe2\x82,c,d,k,v\n", "NOT_UTF8", 2, 2),
    "utf8-cut-at-end.csv": (HEADER + b"a,b,c,d,k,v\xf0\x9f\x90", "NOT_UTF8", 2, 6),
    "utf8-cut-in-open-quote.csv": (HEADER + b'a,b,c,d,k,"v\xf0\x9f', "NOT_UTF8", 2, 6),
    "utf16.csv": ((HEADER + ROW).decode().encode("utf-16"), "NOT_UTF8", 1, 1),
    "utf16-without-bom.csv": ((HEADER + ROW).decode().encode("utf-16-le"), "NUL", 1, 1),
    "nul.csv": (HEADER + ROW + b"a,b,c,d,k,v\x00w\n", "NUL", 3, 6),
    "nul-in-quotes.csv": (HEADER + b'a,"b\n\x00",c,d,k,v\n', "NUL", 2, 2),
    "nul-in-header.csv": (HEADER.replace(b"key", b"k\x00y") + ROW, "NUL", 1, 5),
    "too-few-fields.csv": (HEADER + ROW + b"a,b,c,d,k\n", "FIELD_COUNT", 3, 6),
    "too-few-fields-quoted.csv": (HEADER + b'a,"b\nb","c\nc"\n' + ROW, "FIELD_COUNT", 3, 4),
    "too-many-fields.csv": (HEADER + b"a,b,c,d,k,v,w,x\n", "FIELD_COUNT", 2, 7),
    "too-many-fields-quoted.csv": (HEADER + b'a,b,c,d,k,"v\nv",w\n', "FIELD_COUNT", 3, 7),
    "empty-line.csv": (HEADER + ROW + b"\n" + ROW, "EMPTY_LINE", 3, 1),
    "empty-line-crlf.csv": ((HEADER + ROW).replace(b"\n", b"\r\n") + b"\r\n", "EMPTY_LINE", 3, 1),
    "blank-line.csv": (HEADER + ROW + b"  \n", "FIELD_COUNT", 3, 2),
    "lone-empty-quotes.csv": (HEADER + ROW + b'""\n', "FIELD_COUNT", 3, 2),
    "unclosed-quote.csv": (HEADER + ROW + b'a,b,c,d,k,"v\n' + ROW + ROW, "UNCLOSED_QUOTE", 3, 6),
    "unclosed-quote-at-end.csv": (HEADER + ROW + b'a,b,c,d,k,"', "UNCLOSED_QUOTE", 3, 6),
    "unclosed-quote-in-header.csv": (HEADER.replace(b"entity2", b'"entity2') + ROW, "UNCLOSED_QUOTE", 1, 2),
    "quote-in-unquoted.csv": (HEADER + b'a,b,c,d,k,5" pipe\n', "QUOTE_IN_UNQUOTED", 2, 6),
    "quote-after-space.csv": (HEADER + b'a, "b",c,d,k,v\n', "QUOTE_IN_UNQUOTED", 2, 2),
    "text-after-quote.csv": (HEADER + b'a,"b"c,c,d,k,v\n', "TEXT_AFTER_QUOTE", 2, 2),
    "space-after-quote.csv": (HEADER + b'a,"b\nb" ,c,d,k,v\n', "TEXT_AFTER_QUOTE", 2, 2),
    "lone-cr.csv": (HEADER + b"a,b,c,d,k,v\rw\n", "LONE_CR", 2, 6),
    "lone-cr-line-ends.csv": ((HEADER + ROW).replace(b"\n", b"\r"), "LONE_CR", 1, 6),
    "lone-cr-after-quote.csv": (HEADER + b'a,b,c,d,k,"v"\r' + ROW, "LONE_CR", 2, 6),
    "lone-cr-at-end.csv": (HEADER + ROW[:-1] + b"\r", "LONE_CR", 2, 6),
    "doubled-cr.csv": (HEADER + ROW[:-1] + b"\r\r\n", "LONE_CR", 2, 6),
    "empty-entity1.csv": (HEADER + ROW + b",b,c,d,k,v\n", "EMPTY_REQUIRED", 3, 1),
    "empty-entity1-quoted.csv": (HEADER + b'"",b,c,d,k,v\n', "EMPTY_REQUIRED", 2, 1),
    "empty-key.csv": (HEADER + b'a,"b\nb",c,d,,v\n', "EMPTY_REQUIRED", 3, 5),
    "empty-entity1-and-key.csv": (HEADER + b",b,c,d,,v\n", "EMPTY_REQUIRED", 2, 1),
    "field-over-1-mib.csv": (HEADER + b"a,b,c,d,k," + b"v" * (LIMIT + 1) + b"\n", "FIELD_TOO_LARGE", 2, 6),
    "quoted-field-over-1-mib.csv": (
        HEADER + ROW + b'a,"' + b"v" * (LIMIT - 1) + b'""\n",c,d,k,v\n',
        "FIELD_TOO_LARGE",
        3,
        2,
    ),
    "first-of-several.csv": (HEADER + ROW + b"a,b,c\n,b,c,d,k,v\na,b,c,d,k,\x00\n", "FIELD_COUNT", 3, 4),
}

# With additional columns allowed (`merge`): the same files as above keep their verdict but for header-extra-column.csv.
WIDE = HEADER.replace(b"value", b"value,unit,note_2")
MERGE_VALID: dict[str, bytes] = {
    "merge-two-columns.csv": WIDE + b'a,b,c,d,k,v,kg,"x, ""y""\n"\na,b,c,d,k,v,,\n',
    "merge-quoted-names.csv": WIDE.replace(b"unit", b'"unit"').replace(b"\n", b"\r\n") + b"a,b,c,d,k,v,u,n\r\n",
    "merge-hundred-columns.csv": HEADER[:-1] + b"".join(b",c%d" % n for n in range(94)) + b"\na,b,c,d,k,v" + b",x" * 94,
    "merge-six-columns.csv": HEADER + ROW,
}
MERGE_BROKEN: dict[str, tuple[bytes, str, int, int]] = {
    "merge-upper-case.csv": (WIDE.replace(b"unit", b"Unit") + b"a,b,c,d,k,v,u,n\n", "ADDITIONAL_COLUMN", 1, 7),
    "merge-no-name.csv": (WIDE.replace(b"unit", b"") + b"a,b,c,d,k,v,u,n\n", "ADDITIONAL_COLUMN", 1, 7),
    "merge-twice.csv": (WIDE.replace(b"note_2", b"unit") + b"a,b,c,d,k,v,u,n\n", "ADDITIONAL_COLUMN", 1, 8),
    "merge-taken.csv": (WIDE.replace(b"note_2", b"key") + b"a,b,c,d,k,v,u,n\n", "ADDITIONAL_COLUMN", 1, 8),
    "merge-provenance.csv": (WIDE.replace(b"unit", b"source_file") + ROW, "ADDITIONAL_COLUMN", 1, 7),
    "merge-digit-first.csv": (WIDE.replace(b"unit", b"2nd") + ROW, "ADDITIONAL_COLUMN", 1, 7),
    "merge-long-name.csv": (WIDE.replace(b"unit", b"u" * 128) + ROW, "ADDITIONAL_COLUMN", 1, 7),
    "merge-too-many-columns.csv": (
        HEADER[:-1] + b"".join(b",c%d" % n for n in range(95)) + b"\na,b,c,d,k,v" + b",x" * 95,
        "ADDITIONAL_COLUMN",
        1,
        101,
    ),
    "merge-before-the-six.csv": (b"unit," + HEADER + b"u,a,b,c,d,k,v\n", "HEADER", 1, 1),
    "merge-too-few-fields.csv": (WIDE + b"a,b,c,d,k,v,u,n\na,b,c,d,k,v\n", "FIELD_COUNT", 3, 7),
    "merge-too-many-fields.csv": (WIDE + b'a,b,c,d,k,v,u,"n\nn",w\n', "FIELD_COUNT", 3, 9),
    "merge-empty-key.csv": (WIDE + b"a,b,c,d,,v,u,n\n", "EMPTY_REQUIRED", 2, 5),
}


def records(content: bytes) -> list[list[str]]:
    """The data records as Python's csv module reads them in strict mode, header left out."""
    csv.field_size_limit(2 * LIMIT)
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))[1:]


def main() -> None:
    expected: dict[str, dict[str, object]] = {"valid": {}, "broken": {}, "merge_valid": {}, "merge_broken": {}}
    for name, content in {**VALID, **MERGE_VALID}.items():
        (FOLDER / name).write_bytes(content)
        rows = records(content)
        entry: dict[str, object] = {"rows": len(rows), "sha256": hashlib.sha256(content).hexdigest()}
        if len(content) < 10_000:
            entry["records"] = rows
        expected["valid" if name in VALID else "merge_valid"][name] = entry
    for name, (content, code, line, column) in {**BROKEN, **MERGE_BROKEN}.items():
        (FOLDER / name).write_bytes(content)
        expected["broken" if name in BROKEN else "merge_broken"][name] = {"code": code, "line": line, "column": column}
    text = json.dumps(expected, indent=2, sort_keys=True, ensure_ascii=True)
    (FOLDER / "expected.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
