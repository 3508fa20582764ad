"""What an ingestion has to do: the source files beside what the table says of itself."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mydatahub_glue.source_object import SourceObject

# Rows that a run may take from the table, net, before somebody has to confirm it.
MOST_LOST = 0.2


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
    """`new`: files to insert. Rows to delete in the same commit: `superseded`, `removed` and `renewed`.

    `superseded`: their file has other content now. `removed`: their file is gone, and that is meant. `renewed`: they
    are written again. `unchanged`: files whose content is in the table already. `same_content`: file -> the path its
    content stands under. `held`: files that a rollback took out of the table and nobody has released;
    `held_removals`: paths whose removal a rollback has undone.
    """

    new: tuple[KnownFile, ...]
    superseded: tuple[IngestedContent, ...]
    unchanged: tuple[KnownFile, ...]
    same_content: Mapping[str, str]
    removed: tuple[IngestedContent, ...] = ()
    renewed: tuple[IngestedContent, ...] = ()
    held: tuple[KnownFile, ...] = ()
    held_removals: tuple[str, ...] = ()

    @property
    def deleted(self) -> tuple[IngestedContent, ...]:
        return (*self.superseded, *self.removed, *self.renewed)

    @property
    def rows_to_write(self) -> int:
        return sum(file.rows for file in self.new)

    @property
    def rows_to_delete(self) -> int:
        return sum(content.rows for content in self.deleted)

    def unconfirmed_loss(self, confirmed: Collection[str]) -> int:
        """Rows that the table loses, net, those of the confirmed removals not counted; negative when it grows."""
        meant = sum(content.rows for content in self.removed if content.source_file in confirmed)
        return self.rows_to_delete - meant - self.rows_to_write

    def changes(self) -> list[dict[str, Any]]:
        """What becomes of each file whose rows change, by path: path, rows and added, replaced or removed."""
        gone: Counter[str] = Counter()
        for content in self.deleted:
            gone[content.source_file] += content.rows
        changes = {path: {"path": path, "rows": rows, "change": "removed"} for path, rows in gone.items()}
        for file in self.new:
            path = file.source.path
            change = "replaced" if path in gone else "added"
            changes[path] = {"path": path, "rows": file.rows, "change": change}
        return [changes[path] for path in sorted(changes)]


@dataclass(frozen=True)
class Asked:
    """What bends the plan. `removed`: paths whose file is gone and whose rows shall go. `holds`: (path, SHA-256).

    A hold with an empty SHA-256 keeps the rows of a removed path.
    """

    replace: bool = True
    removed: Collection[str] = ()
    holds: Collection[tuple[str, str]] = field(default_factory=frozenset)
    full: bool = False


def plan_ingestion(
    files: Iterable[KnownFile], table: Iterable[IngestedContent], asked: Asked | None = None
) -> IngestionPlan:
    """Every content that the source files hold must be in the table exactly once.

    Rows go when the file they came from has other content now and no other file holds theirs, or when the file was
    removed by somebody who meant it. Without `replace` nothing goes.
    """
    asked = asked or Asked()
    table = sorted(table)
    there = {(content.source_file, content.sha256) for content in table}
    files = sorted(files, key=lambda f: f.source.path)
    held = tuple(f for f in files if _key(f) in asked.holds and _key(f) not in there)
    files = [f for f in files if f not in held]
    now = {file.source.path: file.sha256 for file in files}
    wanted = set(now.values())

    old = [c for c in table if c.sha256 not in wanted] if asked.replace else []
    superseded = tuple(c for c in old if c.source_file in now)
    gone = [c for c in old if c.source_file in asked.removed and c.source_file not in now]
    removed = tuple(c for c in gone if (c.source_file, "") not in asked.holds)
    held_removals = tuple(sorted({c.source_file for c in gone} - {c.source_file for c in removed}))

    renewed = tuple(c for c in table if c.sha256 in wanted) if asked.full else ()
    standing = [] if asked.full else table
    stands_under = {content.sha256: content.source_file for content in reversed(standing)}
    stands_under |= {c.sha256: c.source_file for c in standing if now.get(c.source_file) == c.sha256}
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
    return IngestionPlan(tuple(new), superseded, tuple(unchanged), same, removed, renewed, held, held_removals)


def _key(file: KnownFile) -> tuple[str, str]:
    return file.source.path, file.sha256
