"""state/views.json: what is published, kept while views are published, so that a run that is cut short is taken up."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from mydatahub_glue.state import StateObject, write_state
from mydatahub_glue.view_limits import size_of
from mydatahub_glue.wanted_views import WantedView

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# A run that is killed does again what it did since the last write. Writing takes a twentieth of the time at most.
_SECONDS_BETWEEN_WRITES = 3.0
_TIMES_A_WRITE = 20.0


class ViewProgress:
    """The object as `read`. Its other members stay those of the run before until this one is over.

    `snapshot_id`: of the table, whose keys the views of this run have.
    """

    def __init__(
        self,
        s3: "S3Client",
        read: StateObject,
        snapshot_id: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._s3 = s3
        self._read = read
        self._snapshot_id = str(snapshot_id)
        self._clock = clock
        self._next = clock() + _SECONDS_BETWEEN_WRITES
        self._writing = threading.Lock()
        self.views: dict[str, dict[str, Any]] = dict((read.content or {}).get("views", {}))
        self._refused: set[str] = set()

    def failed(self, view: WantedView) -> None:
        """It is to be published again, whatever an earlier run knew of it."""
        self.views[view.name] = _entry(view, "")

    def refused(self, view: WantedView, why: str, published: str) -> None:
        """It stays as it was, and so does what is known of it. `published`: its hash, empty where there is none."""
        entry = self.views.get(view.name) or _entry(view, "")
        self.views[view.name] = {**entry, "hash": published, "refused": why}
        self._refused.add(view.name)

    def done(self, view: WantedView) -> None:
        """The view has both dialects, as wanted. Called by many threads."""
        with self._writing:
            now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            at = {"published_at": now, "snapshot_id": self._snapshot_id}
            self.views[view.name] = _entry(view, view.sql.hash) | at
            if self._clock() >= self._next:
                self._keep()

    def keep(self) -> None:
        """Writes what is done so far: the run ends before its time."""
        with self._writing:
            self._keep()

    def end(self, views: Iterable[WantedView], facts: Mapping[str, Any]) -> None:
        """The run is over: these views are left."""
        with self._writing:
            self.views = {view.name: self._now(view) for view in views if view.name in self.views}
            self._write(facts)

    def _now(self, view: WantedView) -> dict[str, Any]:
        """What is known of a view, with what rules say of it: an earlier version has published it without."""
        entry = self.views[view.name]
        if entry["hash"] != view.sql.hash or view.name in self._refused:
            return entry
        return {part: value for part, value in entry.items() if part != "refused"} | _by_rules(view)

    def _keep(self) -> None:
        started = self._clock()
        self._write({key: value for key, value in (self._read.content or _NOTHING).items() if key != "views"})
        took = self._clock() - started
        self._next = self._clock() + max(_SECONDS_BETWEEN_WRITES, _TIMES_A_WRITE * took)

    def _write(self, facts: Mapping[str, Any]) -> None:
        content = {key: value for key, value in facts.items() if key != "version"}
        self._read = write_state(self._s3, self._read, {**content, "views": dict(self.views)})


# Of no snapshot: the next run finds that not everything is published.
_NOTHING: dict[str, Any] = {"snapshot_id": None}


def _entry(view: WantedView, hash_published: str) -> dict[str, Any]:
    size = size_of(view.sql)
    entry: dict[str, Any] = {
        "entity1": view.entity1,
        "columns": list(view.sql.columns),
        "hash": hash_published,
        "athena_bytes": size.athena_bytes,
        "glue_characters": size.glue_characters,
    }
    return {**entry, **_by_rules(view)}


def _by_rules(view: WantedView) -> dict[str, Any]:
    """What the names of the columns alone do not tell; nothing where no rule is about it."""
    said = {"comment": view.sql.comment, "renamed": view.renamed, "extra": list(view.extra)}
    return {part: value for part, value in said.items() if value}
