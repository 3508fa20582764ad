"""What an ingestion has to do: the source files beside what the table says of itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mydatahub_glue.source_object import SourceObject


@dataclass(frozen=True)
class KnownFile:
    """A source file whose content is known: `sha256` (hex) of the bytes and `rows` without the header."""

    source: SourceObject
    sha256: str
    rows: int


@dataclass(frozen=True, order=True)
class IngestedContent:
    """Rows of the table that came from one content of one source file."""

    source_file: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class IngestionPlan:
    """`new`: files to insert. `superseded`: rows to delete in the same commit.

    `unchanged`: files whose content is in the table already. `same_content`: file -> the path its content stands under.
    """

    new: tuple[KnownFile, ...]
    superseded: tuple[IngestedContent, ...]
    unchanged: tuple[KnownFile, ...]
    same_content: Mapping[str, str]

    @property
    def rows_to_write(self) -> int:
        return sum(file.rows for file in self.new)

    @property
    def rows_to_delete(self) -> int:
        return sum(content.rows for content in self.superseded)


def plan_ingestion(files: Iterable[KnownFile], table: Iterable[IngestedContent]) -> IngestionPlan:
    """Every content that the source files hold must be in the table exactly once.

    Rows go when the file they came from has other content now and no other file holds theirs; rows of files that
    were removed stay.
    """
    files = sorted(files, key=lambda f: f.source.path)
    table = sorted(table)
    now = {file.source.path: file.sha256 for file in files}
    wanted = set(now.values())
    superseded = tuple(content for content in table if content.sha256 not in wanted and content.source_file in now)
    stands_under = {content.sha256: content.source_file for content in reversed(table)}
    stands_under |= {c.sha256: c.source_file for c in table if now.get(c.source_file) == c.sha256}
    new: list[KnownFile] = []
    unchanged: list[KnownFile] = []
    same: dict[str, str] = {}
    for file in files:
        place = stands_under.get(file.sha256)
        if place is None:
            new.append(file)
            stands_under[file.sha256] = file.source.path
        elif place == file.source.path:
            unchanged.append(file)
        else:
            same[file.source.path] = place
    return IngestionPlan(tuple(new), superseded, tuple(unchanged), same)
