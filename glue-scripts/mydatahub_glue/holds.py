"""state/holds.json: what a rollback took out of the table, to come back only when somebody releases it."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from mydatahub_glue.plan import IngestedContent
from mydatahub_glue.state import read_state, write_state

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class Hold:
    """`sha256` is empty where the removal of the file was undone. `snapshot_id`: what the table was rolled back to."""

    path: str
    sha256: str
    rows: int
    held_at: str
    snapshot_id: str

    @property
    def key(self) -> tuple[str, str]:
        return self.path, self.sha256


class Holds:
    """The holds of one lake."""

    def __init__(self, s3: "S3Client", bucket: str, state_prefix: str) -> None:
        self._s3 = s3
        self._state = read_state(s3, bucket, f"{state_prefix}holds.json")

    @property
    def keys(self) -> frozenset[tuple[str, str]]:
        return frozenset((hold["path"], hold["sha256"]) for hold in self._contents)

    @property
    def _contents(self) -> list[dict[str, Any]]:
        return list((self._state.content or {}).get("contents", []))

    def add(self, holds: Iterable[Hold]) -> None:
        """Nothing is written when all of them are there."""
        missing = [asdict(hold) for hold in holds if hold.key not in self.keys]
        if missing:
            self._write(self._contents + missing)

    def end(self, keys: Collection[tuple[str, str]]) -> None:
        """Takes out holds that have become pointless."""
        left = [hold for hold in self._contents if (hold["path"], hold["sha256"]) not in keys]
        if len(left) < len(self._contents):
            self._write(left)

    def _write(self, contents: list[dict[str, Any]]) -> None:
        contents = sorted(contents, key=lambda hold: (hold["path"], hold["sha256"]))
        self._state = write_state(self._s3, self._state, {"contents": contents})


def undone(
    now: Iterable[IngestedContent],
    target: Iterable[IngestedContent],
    current: dict[str, str],
    held_at: str,
    snapshot_id: int,
) -> list[Hold]:
    """What must be held for the table to stay at `target`. `current`: path -> SHA-256 of the files as they are.

    A path whose contents differ between the two is held with each content that goes; where none goes, rows come
    back that a removal or another file's copy had taken: then the file as it is now is held, or its removal.
    """
    now, target = list(now), list(target)
    before = {(c.source_file, c.sha256) for c in now}
    after = {(c.source_file, c.sha256) for c in target}
    holds = [
        Hold(c.source_file, c.sha256, c.rows, held_at, str(snapshot_id))
        for c in now
        if (c.source_file, c.sha256) not in after
    ]
    paths = {hold.path for hold in holds}
    for path in sorted({path for path, _ in after - before} - paths):
        sha256 = current.get(path, "")
        if (path, sha256) not in after:
            holds.append(Hold(path, sha256, 0, held_at, str(snapshot_id)))
    return holds


def pointless(
    keys: Iterable[tuple[str, str]], table: Iterable[IngestedContent], present: Collection[str]
) -> set[tuple[str, str]]:
    """Holds that hold nothing: contents that are in the table, removals of files that are there or unknown."""
    there = {(content.source_file, content.sha256) for content in table}
    paths = {path for path, _ in there}
    return {
        (path, sha256)
        for path, sha256 in keys
        if (path, sha256) in there or (not sha256 and (path in present or path not in paths))
    }
