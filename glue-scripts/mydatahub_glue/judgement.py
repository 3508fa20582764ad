"""What the contract says of a whole record: the header's names, how many fields, which must not be empty."""

import re

from mydatahub_glue.breach import SOURCE_COLUMNS, Breach, ContractError, header_detail
from mydatahub_glue.record import Field

PROVENANCE_COLUMNS = ("source_file", "source_sha256", "ingested_at")
MOST_COLUMNS = 100

_WIDTH = len(SOURCE_COLUMNS)
_KEY = SOURCE_COLUMNS.index("key")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,126}")


def additional_columns(fields: tuple[Field, ...], merge: bool) -> tuple[str, ...]:
    """The names after the six in the header; none without `merge`. Raises ContractError for any other header."""
    for index in range(max(len(fields), _WIDTH)):
        cell = fields[index].value if index < len(fields) else None
        if index >= _WIDTH and merge:
            break
        if cell != (SOURCE_COLUMNS[index] if index < _WIDTH else None):
            raise ContractError(Breach("HEADER", 1, index + 1, header_detail(cell)))
    names = tuple(field.value for field in fields[_WIDTH:])
    taken = {*SOURCE_COLUMNS, *PROVENANCE_COLUMNS}
    for index, name in enumerate(names):
        if name in taken or not _NAME.fullmatch(name) or _WIDTH + index == MOST_COLUMNS:
            raise ContractError(Breach("ADDITIONAL_COLUMN", 1, _WIDTH + index + 1, header_detail(name)))
        taken.add(name)
    return names


def judged(fields: tuple[Field, ...], width: int) -> tuple[str, ...]:
    """The values of a record of `width` fields with entity1 and key. Raises ContractError for any other."""
    count = len(fields)
    if count == 1 and not fields[0].value and not fields[0].quoted:
        raise ContractError(Breach("EMPTY_LINE", fields[0].line, 1))
    if count != width:
        found = "1 field" if count == 1 else f"{count} fields"
        line = fields[width].line if count > width else fields[-1].line
        raise ContractError(Breach("FIELD_COUNT", line, min(count, width) + 1, f"{found} where {width} are expected"))
    for index in (0, _KEY):
        if not fields[index].value:
            raise ContractError(Breach("EMPTY_REQUIRED", fields[index].line, index + 1))
    return tuple(field.value for field in fields)
